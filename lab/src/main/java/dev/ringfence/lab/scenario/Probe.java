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
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/// One attempt to reach somebody.
///
/// @param protocol TCP, UDP or SCTP
/// @param port of the destination
public record Probe(
    End from, End to, Protocol protocol, int port, Address fromAddress, Address toAddress) {
  private static final int UNDECLARED = 61_999;

  public Family family() {
    return toAddress.family();
  }

  /// The question that goes with it.
  public Flow flow(Snapshot snapshot) {
    return Flow.of(snapshot.resolve(fromAddress), snapshot.resolve(toAddress), protocol, port);
  }

  /// Every pair of ends of which at least one is a pod, on every port the destination declares and
  /// on one that nobody does, over TCP and UDP (SCTP where it is declared) and every family both
  /// have.
  public static List<Probe> all(Scenario scenario) {
    return between(scenario, (from, to) -> true);
  }

  /// As [#all], for the pairs that `wanted` names.
  public static List<Probe> between(Scenario scenario, BiPredicate<End, End> wanted) {
    int undeclared = undeclaredPort(scenario);
    List<End> ends = scenario.ends();
    List<Probe> out = new ArrayList<>();
    for (End from : ends) {
      for (End to : ends) {
        boolean meet = from instanceof End.OfPod || to instanceof End.OfPod;
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
            to.address(family).map(target -> new Probe(from, to, protocol, port, source, target)));
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
