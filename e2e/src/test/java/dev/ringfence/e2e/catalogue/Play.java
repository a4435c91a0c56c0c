package dev.ringfence.e2e.catalogue;

import dev.ringfence.core.cases.Answers;
import dev.ringfence.core.cases.Asked;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.e2e.Talk;
import dev.ringfence.e2e.Volley;
import dev.ringfence.e2e.wire.Mark;
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

  /// Asks and sends them all.
  void step(List<Asked> all, Answers answers, Aim aim) throws Exception {
    List<Sent> volley = new ArrayList<>();
    for (Asked asked : all) {
      Optional<Flow> flow = asked.flow(aim.now());
      if (flow.isPresent() && answers.allowed(flow.get()) != asked.verdict().allowed()) {
        wrong.add(asked.line() + ", but the answer is " + answers.decision(flow.get()));
      }
      Sent sent = aim.at(asked);
      if (sent.alone()) {
        volley.add(sent);
      } else if (asked.error()) {
        error(sent);
      } else {
        talk(sent);
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
