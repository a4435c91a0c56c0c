package dev.ringfence.core.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringfence.core.answer.Connection.Where;
import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.cluster.Phase;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.PodAddresses;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.cluster.Workload;
import dev.ringfence.core.compiled.CompiledPolicy;
import dev.ringfence.core.compiled.PolicyEngine;
import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.core.worlds.Dice;
import dev.ringfence.core.worlds.Seeds;
import dev.ringfence.core.worlds.World;
import dev.ringfence.core.worlds.WorldShape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The list says what the evaluator says, asked pair by pair.
class ConnectivityLaws {
  private static final List<Integer> PORTS = List.of(1, 53, 79, 80, 81, 443, 8080, 8082, 65_535);

  static LongStream seeds() {
    return Seeds.some(200);
  }

  /// What the list says of two ids in one family.
  private record Said(String from, String to, Optional<Family> family) {}

  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("seeds")
  void theListIsTheEvaluatorAskedPairByPair(long seed) {
    World world = World.random(seed);
    Dice dice = new Dice(seed + 1);
    Snapshot now = inWorkloads(world.snapshot(), dice);
    Evaluator evaluator = new Evaluator(world.policies(), now);
    Connectivity list =
        Connectivity.of(world.policies(), now, new ConnectivityOptions(true, false));
    Map<String, Party> ids = new HashMap<>();
    list.parties().forEach(party -> assertEquals(null, ids.put(party.id(), party)));
    List<Connection> all = new ArrayList<>();
    Wanted everything = new Wanted(end -> true, end -> true, List.of(), ports -> true, true);
    list.connections(everything, all::add);
    Map<Said, PortSet> said = new HashMap<>();
    for (Connection one : all) {
      if (one.from() instanceof Where.Inside(var from)
          && one.to() instanceof Where.Inside(var to)) {
        for (Optional<Family> family : families(one.opening())) {
          assertEquals(
              null,
              said.put(new Said(from.id(), to.id(), family), one.opening().ports()),
              one::toString);
        }
      }
      assertTrue(!one.opening().ports().isNone());
    }
    List<Endpoint> ends = ends(now);
    for (int i = 0; i < 400 && !ends.isEmpty(); i++) {
      Endpoint from = dice.pick(ends);
      Endpoint to = dice.pick(ends);
      if (from instanceof Endpoint.OfPod(var a, var x)
          && to instanceof Endpoint.OfPod(var b, var y)
          && a.name().equals(b.name())) {
        continue;
      }
      Optional<Family> family = from.address().or(to::address).map(Address::family);
      if ((from instanceof Endpoint.OfNode && to instanceof Endpoint.OfNode)
          || (from.address().isPresent()
              && to.address().isPresent()
              && from.address().get().family() != to.address().get().family())) {
        continue;
      }
      PortSet ports = said.getOrDefault(new Said(id(from, ids), id(to, ids), family), PortSet.NONE);
      check(evaluator, from, to, ports);
    }
    outside(world, now, evaluator, list, all, dice);
    sorted(all);
  }

  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("seeds")
  void whoeverGainsByAnAddressIsDoubtful(long seed) {
    World world = World.random(seed, new WorldShape(20, 3, 8, false, true, 0));
    Dice dice = new Dice(seed);
    List<Pod> pods = new ArrayList<>();
    for (Pod pod : world.snapshot().pods().values()) {
      pods.add(dice.percent(30) ? withoutAddress(pod) : pod);
    }
    Snapshot now = world.snapshot().withPods(pods);
    Connectivity list = Connectivity.of(world.policies(), now, ConnectivityOptions.DEFAULT);
    List<String> doubtful = list.doubtful().stream().map(Party::id).toList();
    CompiledPolicy compiled = PolicyEngine.compile(world.policies(), now);
    List<Endpoint> all = ends(now);
    all.removeIf(end -> end instanceof Endpoint.OfNode);
    boolean named = world.policies().toString().contains("Named"); // any port, where it is doubted
    for (Endpoint end : all) {
      if (end instanceof Endpoint.OfPod(var pod, var at) && at.isEmpty()) {
        boolean gains = gains(compiled, world, pod, all);
        assertTrue(!gains || doubtful.contains(pod.id()), pod::toString);
        assertTrue(gains || named || !doubtful.contains(pod.id()), pod::toString);
      }
    }
  }

  private static boolean gains(CompiledPolicy compiled, World world, Pod pod, List<Endpoint> all) {
    Endpoint unknown = new Endpoint.OfPod(pod, Optional.empty());
    for (Address edge : Blocks.edges(world.policies())) {
      Endpoint placed = new Endpoint.OfPod(pod, Optional.of(edge));
      for (Endpoint other : all) {
        boolean self = other instanceof Endpoint.OfPod(var same, var at) && same.equals(pod);
        PortSet in = compiled.allowed(other, placed).minus(compiled.allowed(other, unknown));
        PortSet out = compiled.allowed(placed, other).minus(compiled.allowed(unknown, other));
        if (!self && !(in.isNone() && out.isNone())) {
          return true;
        }
      }
    }
    return false;
  }

  private static Pod withoutAddress(Pod pod) {
    return new Pod(
        pod.name(),
        pod.uid(),
        pod.labels(),
        pod.node(),
        false,
        new PodAddresses.Unknown(),
        Phase.RUNNING,
        pod.startTime(),
        pod.ports(),
        pod.workload());
  }

  private static List<Optional<Family>> families(Opening opening) {
    return opening.families().isEmpty()
        ? List.of(Optional.empty(), Optional.of(Family.IPV4), Optional.of(Family.IPV6))
        : opening.families().stream().map(Optional::of).toList();
  }

  private static void check(Evaluator evaluator, Endpoint from, Endpoint to, PortSet ports) {
    for (Protocol protocol : Protocol.values()) {
      for (int port : protocol.hasPorts() ? PORTS : List.of(0)) {
        Flow flow = protocol.hasPorts() ? Flow.of(from, to, protocol, port) : Flow.other(from, to);
        OptionalInt number = protocol.hasPorts() ? OptionalInt.of(port) : OptionalInt.empty();
        assertEquals(
            evaluator.decide(flow).allowed(), ports.contains(protocol, number), flow::toString);
      }
    }
  }

  private static void outside(
      World world,
      Snapshot now,
      Evaluator evaluator,
      Connectivity list,
      List<Connection> all,
      Dice dice) {
    Map<String, Party> ids = new HashMap<>();
    list.parties().forEach(party -> ids.put(party.id(), party));
    for (Address address : dice.some(world.outside(), 5)) {
      for (Endpoint pod : dice.some(ends(now), 5)) {
        if (pod instanceof Endpoint.OfPod
            && pod.address().filter(at -> at.family() != address.family()).isEmpty()) {
          Endpoint other = now.resolve(address);
          String id = id(pod, ids);
          check(evaluator, pod, other, ports(all, id, address, true));
          check(evaluator, other, pod, ports(all, id, address, false));
        }
      }
    }
  }

  private static PortSet ports(List<Connection> all, String id, Address address, boolean opens) {
    PortSet out = PortSet.NONE;
    for (Connection one : all) {
      Where in = opens ? one.from() : one.to();
      Where out0 = opens ? one.to() : one.from();
      if (in instanceof Where.Inside(var party)
          && party.id().equals(id)
          && out0 instanceof Where.Outside(var ranges)
          && ranges.stream().anyMatch(range -> range.contains(address))) {
        assertTrue(out.isNone(), () -> address + " is listed twice for " + id);
        out = one.opening().ports();
      }
    }
    return out;
  }

  private static void sorted(List<Connection> all) {
    List<Connection> sorted = new ArrayList<>(all);
    sorted.sort(
        Comparator.comparing((Connection one) -> one.from() instanceof Where.Outside)
            .thenComparing(one -> one.from() instanceof Where.Inside(var party) ? party.id() : ""));
    List<Where> froms = all.stream().map(Connection::from).toList();
    assertEquals(sorted.stream().map(Connection::from).toList(), froms);
  }

  /// The id under which an end appears.
  private static String id(Endpoint end, Map<String, Party> ids) {
    return switch (end) {
      case Endpoint.OfPod(var pod, var at) ->
          ids.containsKey(pod.workload().id()) ? pod.workload().id() : pod.id();
      case Endpoint.OfNode(var node, var at) -> "node/" + node;
      case Endpoint.UnknownPod unknown -> "";
      case Endpoint.Outside outside -> "";
    };
  }

  /// One end for each pod and node and family.
  private static List<Endpoint> ends(Snapshot now) {
    List<Endpoint> out = new ArrayList<>();
    for (Pod pod : now.pods().values()) {
      List<Address> owned = now.ownedBy(pod);
      if (pod.counts() && pod.knownAddresses().isEmpty()) {
        out.add(new Endpoint.OfPod(pod, Optional.empty()));
      } else if (pod.counts()) {
        first(owned).forEach(at -> out.add(new Endpoint.OfPod(pod, Optional.of(at))));
      }
    }
    now.nodes()
        .values()
        .forEach(node ->
            first(node.addresses())
                .forEach(at -> out.add(new Endpoint.OfNode(node.name(), Optional.of(at)))));
    return out;
  }

  private static List<Address> first(List<Address> addresses) {
    List<Address> out = new ArrayList<>();
    for (Family family : Family.values()) {
      addresses.stream().filter(one -> one.family() == family).findFirst().ifPresent(out::add);
    }
    return out;
  }

  /// The same pods, many of them in Deployments, most of those alike.
  private static Snapshot inWorkloads(Snapshot now, Dice dice) {
    Map<String, Pod> models = new HashMap<>();
    List<Pod> out = new ArrayList<>();
    for (Pod pod : now.pods().values()) {
      if (dice.percent(30)) {
        out.add(pod);
        continue;
      }
      Workload workload = new Workload(pod.namespace(), "Deployment", "app-" + dice.between(1, 4));
      Pod model = models.computeIfAbsent(workload.id(), id -> pod);
      boolean alike = dice.percent(95);
      out.add(
          new Pod(
              new ObjectName(pod.namespace(), pod.name().name()),
              pod.uid(),
              alike ? model.labels() : pod.labels(),
              pod.node(),
              pod.hostNetwork(),
              pod.addresses(),
              pod.phase(),
              pod.startTime(),
              alike ? model.ports() : pod.ports(),
              workload));
    }
    return now.withPods(out);
  }
}
