package dev.ringfence.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.model.PortRange;
import dev.ringfence.core.model.Protocol;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Some ports of one protocol, as every document writes them.
///
/// @param port absent for `other`, which has none
/// @param endPort absent for a single port
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PortEntry(String protocol, @Nullable Integer port, @Nullable Integer endPort) {

  /// The entries of a set, ascending; none where it is all there is, which `"all":true` says.
  public static List<PortEntry> of(PortSet ports) {
    List<PortEntry> out = new ArrayList<>();
    if (ports.isAll()) {
      return out;
    }
    for (Protocol protocol : Protocol.values()) {
      for (PortRange range : ports.ranges(protocol)) {
        Integer end = range.first() == range.last() ? null : range.last();
        out.add(new PortEntry(protocol.toString(), range.first(), end));
      }
    }
    if (ports.other()) {
      out.add(new PortEntry(Protocol.OTHER.toString(), null, null));
    }
    return out;
  }
}
