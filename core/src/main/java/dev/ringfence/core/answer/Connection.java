package dev.ringfence.core.answer;

import dev.ringfence.core.model.AddressRange;
import java.util.List;

/// One end may open these ports of another.
public record Connection(Where from, Where to, Opening opening) {
  /// One end of it.
  public sealed interface Where {
    record Inside(Party party) implements Where {}

    /// Addresses that no known pod and no node has.
    ///
    /// @param ranges ascending; cut where the policies tell addresses apart
    record Outside(List<AddressRange> ranges) implements Where {
      public Outside {
        ranges = List.copyOf(ranges);
      }
    }
  }
}
