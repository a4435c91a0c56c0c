package dev.ringfence.nftables.proof;

import dev.ringfence.nftables.netlink.Bytes;
import java.util.List;
import java.util.Map;

/// Where a rule's load finds its value, in one situation.
sealed interface Source {
  /// The first bytes of a field, or all of it.
  record Of(Field field, int length) implements Source {
    static Of all(Field field) {
      return new Of(field, field.domain().length());
    }
  }

  /// A value of which only some bits are known: of each group of bits, whether all are set.
  ///
  /// @param known fields of one byte, 1 where they are
  record Flags(Map<Bytes, Field> known) implements Source {
    public Flags {
      known = Map.copyOf(known);
    }
  }

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
