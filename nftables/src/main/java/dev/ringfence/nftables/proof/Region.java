package dev.ringfence.nftables.proof;

import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Packets: for each field the classes that its value may be in, every combination of them.
///
/// Immutable, and never empty.
final class Region {
  private final BitSet[] classes;
  private final @Nullable Step trail;

  /// A rule that matched, and those before it.
  record Step(RuleAt rule, @Nullable Step before) {}

  private Region(BitSet[] classes, @Nullable Step trail) {
    this.classes = classes;
    this.trail = trail;
  }

  /// Every packet.
  static Region all(Space space) {
    return new Region(
        space.fields().stream()
            .map(field -> field.index() == 0 ? space.situations() : field.domain().all())
            .toArray(BitSet[]::new),
        null);
  }

  /// Not to be changed.
  BitSet classes(Field field) {
    return classes[field.index()];
  }

  Optional<Region> within(Field field, BitSet only) {
    BitSet now = classes[field.index()];
    if (!now.intersects(only)) {
      return Optional.empty();
    }
    BitSet out = (BitSet) now.clone();
    out.and(only);
    return Optional.of(with(field, now, out));
  }

  Optional<Region> without(Field field, BitSet none) {
    BitSet now = classes[field.index()];
    if (!now.intersects(none)) {
      return Optional.of(this);
    }
    BitSet out = (BitSet) now.clone();
    out.andNot(none);
    return out.isEmpty() ? Optional.empty() : Optional.of(with(field, now, out));
  }

  private Region with(Field field, BitSet before, BitSet now) {
    if (now.equals(before)) {
      return this;
    }
    BitSet[] all = classes.clone();
    all[field.index()] = now;
    return new Region(all, trail);
  }

  /// The same packets, after this rule matched them.
  Region after(RuleAt rule) {
    return new Region(classes, new Step(rule, trail));
  }

  @Nullable Step trail() {
    return trail;
  }
}
