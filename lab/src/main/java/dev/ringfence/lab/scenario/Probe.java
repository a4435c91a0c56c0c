package dev.ringfence.lab.scenario;

import dev.ringfence.core.cluster.ContainerPort;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.Protocol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/// One attempt to reach somebody.
///
/// @param protocol TCP, UDP or SCTP
/// @param port of the destination
/// @param fromAddress the source as it is sent
/// @param toAddress the destination as it arrives
/// @param via the Service that is dialled instead
public record Probe(
    End from,
    End to,
    Protocol protocol,
    int port,
    Address fromAddress,
    Address toAddress,
    Optional<Via> via) {
  private static final int UNDECLARED = 61_999;

  /// The way through a Service, to one of its backends.
  ///
  /// @param backend its place among the door's backends
  /// @param judgedFrom the source where policies see it: before SNAT on the node that judges
  /// @param seenFrom the source as it arrives
  public record Via(Door door, int backend, Address judgedFrom, Address seenFrom) {}

  public Family family() {
    return toAddress.family();
  }

  /// What the client dials.
  public Address dialled() {
    return via.map(way -> way.door().address()).orElse(toAddress);
  }

  public int dialledPort() {
    return via.map(way -> way.door().number()).orElse(port);
  }

  /// The source address of the packet as it arrives.
  public Address seenFrom() {
    return via.map(Via::seenFrom).orElse(fromAddress);
  }

  /// Whether a client with this source port gets to the backend that is meant.
  public boolean fits(int sourcePort) {
    return via.filter(way -> way.door().spread().backendOfPort(sourcePort) != way.backend())
        .isEmpty();
  }

  /// The question that goes with it.
  public Flow flow(Snapshot snapshot) {
    Address source = via.map(Via::judgedFrom).orElse(fromAddress);
    return new Flow(
        snapshot.resolve(source),
        snapshot.resolve(toAddress),
        protocol,
        OptionalInt.of(port),
        via.isPresent());
  }

  /// Every pair of ends of which at least one is a pod, on every port the destination declares and
  /// on one that nobody does, over TCP and UDP (SCTP where it is declared) and every family both
  /// have; then everybody through every Service ([ServiceProbes]).
  public static List<Probe> all(Scenario scenario) {
    List<Probe> out = new ArrayList<>(between(scenario, (from, to) -> true));
    out.addAll(ServiceProbes.of(scenario, (from, door) -> true));
    return out;
  }

  /// As [#all], for the pairs that `wanted` names, and past all Services.
  public static List<Probe> between(Scenario scenario, BiPredicate<End, End> wanted) {
    int undeclared = undeclaredPort(scenario);
    List<End> ends = scenario.ends();
    List<Probe> out = new ArrayList<>();
    for (End from : ends) {
      for (End to : ends) {
        boolean meet = from.isJudged() || to.isJudged();
        if (!from.id().equals(to.id()) && meet && wanted.test(from, to)) {
          add(out, from, to, undeclared);
        }
      }
    }
    return out;
  }

  private static void add(List<Probe> out, End from, End to, int undeclared) {
    for (int port : ports(to, undeclared)) {
      for (Protocol protocol : protocols(to, port)) {
        for (Family family : Family.values()) {
          of(from, to, protocol, port, family).ifPresent(out::add);
        }
      }
    }
  }

  private static List<Protocol> protocols(End to, int port) {
    boolean sctp =
        to.ports().stream()
            .anyMatch(one -> one.number() == port && one.protocol() == Protocol.SCTP);
    return sctp
        ? List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP)
        : List.of(Protocol.TCP, Protocol.UDP);
  }

  /// This probe, if both have an address of the family.
  public static Optional<Probe> of(End from, End to, Protocol protocol, int port, Family family) {
    return from.address(family)
        .flatMap(source ->
            to.address(family)
                .map(target ->
                    new Probe(from, to, protocol, port, source, target, Optional.empty())));
  }

  /// Numbers of the ports that listen: the declared ones of every protocol, and the undeclared.
  public static SortedSet<Integer> ports(End end, int undeclared) {
    SortedSet<Integer> out = new TreeSet<>();
    for (ContainerPort port : end.ports()) {
      out.add(port.number());
    }
    out.add(undeclared);
    return out;
  }

  /// A port that nobody in the scenario declares, above those that the kernel gives to clients.
  public static int undeclaredPort(Scenario scenario) {
    Set<Integer> declared = new HashSet<>();
    scenario
        .snapshot()
        .pods()
        .values()
        .forEach(pod -> pod.ports().forEach(port -> declared.add(port.number())));
    scenario.outside().forEach(host -> host.ports().forEach(port -> declared.add(port.number())));
    int port = UNDECLARED;
    while (declared.contains(port)) {
      port++;
    }
    return port;
  }
}
