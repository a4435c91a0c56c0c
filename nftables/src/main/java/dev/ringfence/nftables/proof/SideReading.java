package dev.ringfence.nftables.proof;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.NodePolicy.Group;
import dev.ringfence.core.compiled.NodePolicy.LocalPod;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Direction;
import dev.ringfence.nftables.proof.Reading.Sieve;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What all groups of one direction let through; pods without a group let everything through.
final class SideReading {
  private final List<Judges> groups = new ArrayList<>();
  private final Set<Address> subjects = new HashSet<>();
  private @Nullable GroupReading @Nullable [] byClass;

  /// A group and its pods here.
  private record Judges(Part pods, GroupReading group) {}

  SideReading(Direction direction, NodePolicy policy, InetTraffic traffic, PortReading.All ports) {
    Map<String, Set<Address>> members = new LinkedHashMap<>();
    for (LocalPod pod : policy.pods()) {
      Optional<String> id = direction == Direction.INGRESS ? pod.ingress() : pod.egress();
      id.ifPresent(
          group -> members.computeIfAbsent(group, g -> new HashSet<>()).addAll(pod.addresses()));
    }
    members.forEach((id, addresses) -> {
      Group group = policy.groups().get(id);
      if (group == null) {
        throw new IllegalArgumentException("a pod of the unknown group " + id);
      }
      subjects.addAll(addresses);
      groups.add(
          new Judges(
              traffic.opener.domain().among(addresses),
              new GroupReading(group, policy, traffic, ports)));
    });
  }

  /// Addresses of the pods that are isolated in this direction.
  Set<Address> subjects() {
    return subjects;
  }

  /// Deals packets out by their subjects' groups.
  ///
  /// @param subject whose group judges
  /// @param sieve takes what is denied
  /// @return what passes
  List<Region> lets(Region packets, Field subject, Field peer, Field port, Sieve sieve) {
    List<Region> out = new ArrayList<>();
    @Nullable GroupReading[] groupOf = byClass();
    BitSet free = (BitSet) packets.classes(subject).clone();
    Map<GroupReading, BitSet> judged = new LinkedHashMap<>();
    for (int at = free.nextSetBit(0);
        at >= 0 && at < groupOf.length;
        at = free.nextSetBit(at + 1)) {
      GroupReading group = groupOf[at];
      if (group != null) {
        judged.computeIfAbsent(group, g -> new BitSet()).set(at);
        free.clear(at);
      }
    }
    judged.forEach((group, subjects) ->
        packets
            .within(subject, subjects)
            .ifPresent(region ->
                group.split(
                    region,
                    peer,
                    port,
                    out::add,
                    denied -> sieve.judge(denied.packets(), false, denied::why))));
    packets.within(subject, free).ifPresent(out::add);
    return out;
  }

  /// The group of each class of addresses, once the domain is settled.
  private @Nullable GroupReading[] byClass() {
    @Nullable GroupReading[] known = byClass;
    if (known == null) {
      int length = groups.stream().mapToInt(one -> one.pods().classes().length()).max().orElse(0);
      known = new @Nullable GroupReading[length];
      for (Judges one : groups) {
        BitSet pods = one.pods().classes();
        for (int at = pods.nextSetBit(0); at >= 0; at = pods.nextSetBit(at + 1)) {
          known[at] = one.group();
        }
      }
      byClass = known;
    }
    return known;
  }
}
