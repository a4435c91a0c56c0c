package dev.ringfence.nftables.proof;

import dev.ringfence.nftables.netlink.Bytes;
import java.util.List;

/// Where a rule's load finds its value, in one situation.
sealed interface Source {
  /// The first bytes of a field, or all of it.
  record Of(Field field, int length) implements Source {
    static Of all(Field field) {
      return new Of(field, field.domain().length());
    }
  }

  /// A value of which only some bits are known: whether all of them are set.
  ///
  /// @param field of one byte, 1 where they are
  record Flag(Field field, Bytes bits) implements Source {}

  /// Several fields in a row.
  record Joined(List<Of> parts) implements Source {
    public Joined {
      parts = List.copyOf(parts);
    }
  }

  /// The same for every packet.
  record Known(Bytes value) implements Source {}

  /// Bytes of several fields, or the middle of one; that says too little of the fields.
  record Across() implements Source {}

  /// Such packets have no such thing: the rule does not match.
  record Nothing() implements Source {}
}
