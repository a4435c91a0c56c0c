package dev.ringfence.nftables.table;

import dev.ringfence.core.model.Family;
import java.util.Locale;

/// What becomes of a connection that was accepted, once its policies would deny it (S85).
public sealed interface Established {
  Established CUT = new Cut();

  /// Every packet is judged: it is cut from the next on.
  record Cut() implements Established {
    @Override
    public String toString() {
      return "cut";
    }
  }

  /// It stays; only what opens another is judged.
  ///
  /// @param mark the bits of the connection's mark that say "accepted", which nobody else uses
  record Keep(int mark) implements Established {
    /// Bit 29: of those that are known to be copied into connections' marks (decision 0013) none.
    public static final Keep STANDARD = new Keep(0x2000_0000);

    public Keep {
      if (mark == 0) {
        throw new IllegalArgumentException("a mark without a bit says nothing");
      }
    }

    /// `keep`, and the mark if it is another than the usual.
    @Override
    public String toString() {
      return equals(STANDARD) ? "keep" : "keep, mark " + hex(mark);
    }
  }

  /// The name of the set of addresses whose accepted connections are judged anew.
  static String judgedAnew(Family family) {
    return Names.anew(family);
  }

  /// `0x20000000`.
  static String hex(int mark) {
    return "0x" + String.format(Locale.ROOT, "%08x", mark);
  }
}
