package dev.ringfence.nftables.proof;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// A question about a field's value: those classes of its [Domain] for which the answer is yes.
final class Part {
  private @Nullable BitSet classes;

  void settle(BitSet found) {
    classes = found;
  }

  /// Known once the domain is settled; not to be changed.
  BitSet classes() {
    if (classes == null) {
      throw new IllegalStateException("asked before the domain was settled");
    }
    return classes;
  }
}
