package dev.ringfence.core.answer;

import dev.ringfence.core.answer.Connection.Where;
import dev.ringfence.core.answer.Fix.Further;
import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.compiled.CompiledPolicy;
import dev.ringfence.core.compiled.PolicyEngine;
import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.model.AddressRange;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.Policies;
import dev.ringfence.core.model.PortRange;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Counts what one more policy opens besides what was asked.
final class Opened {
  private final Policies policies;
  private final Snapshot now;
  private final Flow asked;
  private final Direction direction;
  private final CompiledPolicy before;
  private final List<Unit> units;

  /// @param direction the side that the policy is about
  Opened(Policies policies, Snapshot now, Flow asked, Direction direction) {
    this.policies = policies;
    this.now = now;
    this.asked = asked;
    this.direction = direction;
    this.before = PolicyEngine.compile(policies, now);
    this.units =
        Census.units(policies, now, before, new ConnectivityOptions(true, false)).stream()
            .filter(unit -> unit.isPod() || unit.party().kind().equals("Node"))
            .toList();
  }

  /// Every pair that opens, and its ports, by subject and then by the other end.
  List<Further> by(NetworkPolicy policy) {
    List<NetworkPolicy> all = new ArrayList<>(policies.network());
    all.add(policy);
    CompiledPolicy after = PolicyEngine.compile(new Policies(all, policies.cluster()), now);
    List<Further> out = new ArrayList<>();
    for (Unit unit : units) {
      if (unit.ends().getFirst() instanceof Endpoint.OfPod(Pod pod, var at)
          && pod.namespace().equals(policy.name().namespace())
          && policy.subject().matches(pod.labels())) {
        units.forEach(other -> toUnit(after, unit, other, out));
        atAddress(after, unit, out);
      }
    }
    return out;
  }

  private void toUnit(CompiledPolicy after, Unit unit, Unit other, List<Further> out) {
    boolean isAsked = isOf(unit, askedSubject()) && isOf(other, askedPeer());
    if (other.party().equals(unit.party()) && !isAsked) {
      return;
    }
    Set<PortSet> gained = new LinkedHashSet<>();
    for (Endpoint subject : unit.ends()) {
      for (Endpoint peer : other.ends()) {
        if (meet(subject, peer)) {
          PortSet more = gained(after, subject, peer);
          gained.add(isAsked ? more.minus(askedPorts()) : more);
        }
      }
    }
    gained.remove(PortSet.NONE);
    gained.forEach(
        ports -> out.add(new Further(unit.party(), new Where.Inside(other.party()), ports)));
  }

  private static boolean meet(Endpoint a, Endpoint b) {
    return a.address().isEmpty()
        || b.address().isEmpty()
        || a.address().get().family() == b.address().get().family();
  }

  private PortSet gained(CompiledPolicy after, Endpoint subject, Endpoint peer) {
    Pod pod = ((Endpoint.OfPod) subject).pod();
    PortSet side =
        after.cell(direction, pod, peer).open().minus(before.cell(direction, pod, peer).open());
    if (side.isNone()) {
      return side;
    }
    boolean opens = direction == Direction.EGRESS;
    return peer instanceof Endpoint.OfPod(Pod other, var at)
        ? side.intersect(
            before.cell(opens ? Direction.INGRESS : Direction.EGRESS, other, subject).open())
        : side;
  }

  private PortSet askedPorts() {
    return asked.port().isPresent()
        ? PortSet.of(asked.protocol(), PortRange.only(asked.port().getAsInt()))
        : new PortSet(List.of(), List.of(), List.of(), true);
  }

  private Endpoint askedSubject() {
    return direction == Direction.EGRESS ? asked.from() : asked.to();
  }

  private Endpoint askedPeer() {
    return direction == Direction.EGRESS ? asked.to() : asked.from();
  }

  private static boolean isOf(Unit unit, Endpoint end) {
    String id = unit.party().id();
    return switch (end) {
      case Endpoint.OfPod(Pod pod, var at) -> pod.id().equals(id) || pod.workload().id().equals(id);
      case Endpoint.OfNode(String node, var at) -> id.equals("node/" + node);
      case Endpoint.UnknownPod unknown -> false;
      case Endpoint.Outside outside -> false;
    };
  }

  /// A block that names one address may let in more ports than were asked, and serve other pods.
  private void atAddress(CompiledPolicy after, Unit unit, List<Further> out) {
    Endpoint peer = askedPeer();
    boolean seen = units.stream().anyMatch(one -> one.ends().contains(peer));
    if (seen || peer instanceof Endpoint.OfPod || peer.address().isEmpty()) {
      return;
    }
    for (Endpoint subject : unit.ends()) {
      if (meet(subject, peer)) {
        PortSet all = gained(after, subject, peer);
        PortSet more = isOf(unit, askedSubject()) ? all.minus(askedPorts()) : all;
        if (!more.isNone()) {
          AddressRange only = Cidr.only(peer.address().get()).range();
          out.add(new Further(unit.party(), new Where.Outside(List.of(only)), more));
        }
      }
    }
  }
}
