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
  /// @param spread who of those that the client can get gets what
  /// @param backend its place among them
  /// @param atOwnNode the client's own node passes it on, so that its rules see where it goes; else
  ///   they see what was dialled, another node's port
  /// @param judgedFrom the source where the backend's policies see it: before SNAT on its node
  /// @param seenFrom the source as it arrives
  public record Via(
      Door door,
      Spread spread,
      int backend,
      boolean atOwnNode,
      Address judgedFrom,
      Address seenFrom) {
    private boolean fits(Address from, int port) {
      return spread.backendOf(from, port) == backend;
    }
  }

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
    return via.isEmpty() || via.get().fits(fromAddress, sourcePort);
  }

  /// Whether any source port leads there; where clients keep their backend none may.
  boolean canFit() {
    return via.isEmpty() || !via.get().spread().sticky() || fits(0);
  }

  /// The question to the policies of whoever opens: as his node sees it, before SNAT (S42).
  public Flow opened(Snapshot snapshot) {
    return via.filter(way -> !way.atOwnNode())
        .map(way ->
            new Flow(
                snapshot.resolve(fromAddress),
                snapshot.resolve(way.door().address()),
                protocol,
                OptionalInt.of(way.door().number()),
                false))
        .orElseGet(() -> flow(snapshot, fromAddress));
  }

  /// The question to the policies of whoever accepts: as his node sees it, after DNAT (S105).
  public Flow accepted(Snapshot snapshot) {
    return flow(snapshot, via.map(Via::judgedFrom).orElse(fromAddress));
  }

  private Flow flow(Snapshot snapshot, Address source) {
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
