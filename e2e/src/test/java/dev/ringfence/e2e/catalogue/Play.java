package dev.ringfence.e2e.catalogue;

import dev.ringfence.core.cases.Answers;
import dev.ringfence.core.cases.Asked;
import dev.ringfence.core.cases.What;
import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.e2e.Talk;
import dev.ringfence.e2e.Volley;
import dev.ringfence.e2e.wire.Mark;
import dev.ringfence.lab.scenario.Door;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One case being played: every probe is asked and sent, step by step; connections that a step
/// opens are there in the next.
final class Play implements AutoCloseable {
  private static int clientPort = 10_000;

  private final Ground ground;
  private final Map<String, Talk> talks = new HashMap<>();
  private final List<String> wrong = new ArrayList<>();

  Play(Ground ground) {
    this.ground = ground;
    ground.forget();
  }

  /// Every probe that was answered or went otherwise than it says.
  List<String> wrong() {
    return wrong;
  }

  /// @param doors the ways into the Services of the step
  void step(List<Asked> all, Snapshot now, Answers answers, List<Door> doors) throws Exception {
    List<Sent> volley = new ArrayList<>();
    for (Asked asked : all) {
      Optional<Flow> flow = asked.flow(now);
      if (flow.isPresent() && answers.allowed(flow.get()) != asked.verdict().allowed()) {
        wrong.add(asked.line() + ", but the answer is " + answers.decision(flow.get()));
      }
      Sent sent = sent(asked, now, doors);
      switch (asked.verdict()) {
        case ALLOWED, DENIED -> {
          if (asked.error()) {
            error(sent);
          } else {
            volley.add(sent);
          }
        }
        case ANSWERED, OPENS, GOES_ON, CUT -> talk(sent);
      }
    }
    Set<Sent> arrived = Volley.arrived(volley, sent -> sent.asked().verdict().allowed());
    volley.stream()
        .filter(sent -> arrived.contains(sent) != sent.asked().verdict().allowed())
        .forEach(sent -> went(sent, arrived.contains(sent)));
  }

  private void went(Sent sent, boolean arrived) {
    wrong.add(
        "%s, but the packet of %s to %s %s"
            .formatted(
                sent.asked().line(),
                sent.source(),
                sent.to(),
                arrived ? "arrived" : "did not arrive"));
  }

  private Sent sent(Asked asked, Snapshot now, List<Door> doors) {
    Family family = asked.what() == What.SOLICITATION ? Family.IPV6 : asked.family(now);
    Address source = address(asked.from(), family, asked, now);
    Address target = address(asked.to(), family, asked, now);
    Ground.Place from = ground.at(source);
    boolean loopback = target.equals(Address.of("::1")) || target.toString().startsWith("127.");
    Ground.Place to = loopback ? from : ground.at(target);
    Address dialled = target;
    int port = asked.port();
    int client = nextClientPort();
    if (asked.via().isPresent()) {
      Asked.Via via = asked.via().get();
      dialled = Asked.address(via.at(), family, now);
      port = via.port();
      if (via.hostPort()) {
        ground.hostPort((Endpoint.OfNode) now.resolve(dialled), port, target, asked.port());
      } else {
        client = clientPort(door(doors, dialled, port), target);
      }
    }
    return new Sent(
        asked,
        from.space(),
        to.ear(),
        loopback ? target : source,
        dialled,
        port,
        client,
        Mark.next());
  }

  /// Neighbours ask over IPv6, whichever addresses the case gives a node.
  private Address address(String end, Family family, Asked asked, Snapshot now) {
    return asked.what() == What.SOLICITATION && now.nodes().containsKey(end)
        ? ground.ofNode(end, family)
        : Asked.address(end, family, now);
  }

  private static Door door(List<Door> doors, Address address, int port) {
    return doors.stream()
        .filter(door -> door.address().equals(address) && door.number() == port)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no Service at " + address + " " + port));
  }

  /// One that leads to this backend.
  private static int clientPort(Door door, Address backend) {
    for (int i = 0; i < door.spread().slots() * 4; i++) {
      int port = nextClientPort();
      if (door.backends().get(door.spread().backendOfPort(port)).address().equals(backend)) {
        return port;
      }
    }
    throw new IllegalArgumentException(door + " does not lead to " + backend);
  }

  private static synchronized int nextClientPort() {
    clientPort = clientPort == 60_000 ? 10_000 : clientPort + 1;
    return clientPort;
  }

  /// Sends the packet, and from a router an error about its answer.
  private void error(Sent sent) throws Exception {
    boolean allowed = sent.asked().verdict().allowed();
    sent.from().send(sent.packet());
    if (allowed && !sent.at().hears(sent.mark())) {
      went(sent, false);
    }
    int mark = Mark.next();
    ground.outside().send(sent.tooBig(Mark.bytes(mark)));
    if (allowed ? !sent.at().hears(mark) : !sent.at().hearsNothingOf(mark)) {
      wrong.add(sent.asked().line() + ", but the error " + (allowed ? "was lost" : "arrived"));
    }
  }

  private void talk(Sent sent) throws Exception {
    String name = sent.source() + " " + sent.to() + " " + sent.port();
    try {
      switch (sent.asked().verdict()) {
        case ANSWERED, OPENS -> {
          Talk old = talks.put(name, open(sent));
          if (old != null) {
            old.close();
          }
          exchange(known(name));
        }
        case GOES_ON -> exchange(known(name));
        case CUT -> {
          Talk talk = known(name);
          talk.clientSays("question");
          talk.serverSays("answer");
          talk.serverHearsNothing();
          talk.clientHearsNothing();
        }
        case ALLOWED, DENIED -> throw new IllegalArgumentException(sent.asked().line());
      }
    } catch (AssertionError | IOException failed) {
      wrong.add(sent.asked().line() + ", but " + failed.getMessage());
    }
  }

  private Talk known(String name) {
    Talk found = talks.get(name);
    if (found == null) {
      throw new IllegalStateException("no connection is open from " + name);
    }
    return found;
  }

  private Talk open(Sent sent) throws Exception {
    return Talk.open(
        sent.asked().what().protocol(),
        sent.from(),
        ground.at(sent.to()).space(),
        sent.to(),
        sent.port());
  }

  private static void exchange(Talk talk) throws Exception {
    talk.clientSays("question");
    String question = talk.serverHears();
    talk.serverSays("answer");
    String answer = talk.clientHears();
    if (!question.equals("question") || !answer.equals("answer")) {
      throw new AssertionError("heard " + question + " and " + answer);
    }
  }

  @Override
  public void close() throws IOException {
    for (Talk talk : talks.values()) {
      talk.close();
    }
  }
}
