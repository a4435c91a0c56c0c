package dev.ringfence.core.compiled;

import dev.ringfence.core.compiled.NodePolicy.Span;
import java.util.List;

/// What one side lets through, to or from all the ends that [Rows] numbers: a row of the verdict
/// table.
///
/// @param parts disjoint; an end that is in none may do nothing
/// @param outside likewise for addresses that no known pod has
/// @param byAddress at most what a pod may do for its address alone; a name may be any port
public record Row(List<Part> parts, List<Span> outside, PortSet byAddress) {
  public Row {
    parts = List.copyOf(parts);
    outside = List.copyOf(outside);
  }

  /// Ends with the same ports.
  ///
  /// @param ports never none
  /// @param ends their numbers
  public record Part(PortSet ports, EndSet ends) {}

  /// Every end that may do something.
  public EndSet ends() {
    EndSet out = EndSet.NONE;
    for (Part part : parts) {
      out = out.or(part.ends());
    }
    return out;
  }
}
