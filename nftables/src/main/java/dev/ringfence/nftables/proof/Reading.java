package dev.ringfence.nftables.proof;

import dev.ringfence.nftables.proof.Test.Among;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// What should become of packets.
interface Reading {
  /// Deals these packets out to those that should pass and those that should not.
  List<Judged> of(Region packets);

  /// Deals these packets out to those whose connections may be marked as accepted, and others.
  default List<Judged> memorable(Region packets) {
    return List.of(new Judged(packets, false, () -> "no connection is kept"));
  }

  /// Of packets that pass, those whose connections must be marked as accepted by then.
  default List<Region> toRemember(Region packets) {
    return List.of();
  }

  /// Packets that should all pass, or none.
  ///
  /// @param why in words, with the policies and the group
  record Judged(Region packets, boolean pass, Supplier<String> why) {}

  /// Packets to which nothing may happen.
  static Reading open(String why) {
    return packets -> List.of(new Judged(packets, true, () -> why));
  }

  /// Collects what is judged, while the rest goes on.
  final class Sieve {
    private final List<Judged> out = new ArrayList<>();

    void judge(Region packets, boolean pass, Supplier<String> why) {
      out.add(new Judged(packets, pass, why));
    }

    void judge(Region packets, boolean pass, String why) {
      judge(packets, pass, () -> why);
    }

    /// Judges those that meet all conditions.
    ///
    /// @return the others
    List<Region> take(List<Region> packets, boolean pass, String why, Among... conditions) {
      List<Region> rest = new ArrayList<>();
      for (Region one : packets) {
        Optional<Region> left = Optional.of(one);
        for (Among condition : conditions) {
          Field field = condition.field();
          left.flatMap(region -> region.without(field, condition.values().classes()))
              .ifPresent(rest::add);
          left = left.flatMap(region -> region.within(field, condition.values().classes()));
        }
        left.ifPresent(region -> judge(region, pass, why));
      }
      return rest;
    }

    List<Judged> judged() {
      return out;
    }
  }
}
