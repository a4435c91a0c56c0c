package dev.ringfence.kubernetes;

import dev.ringfence.core.compiled.Changes;
import dev.ringfence.core.manifest.LiveKind;
import java.util.List;
import java.util.Map;

/// What has changed in the cluster since the batch before, of each object only the last.
///
/// @param changes in the order in which the objects last changed
/// @param notices what could not be read, or could again
/// @param since when the oldest of it was known here, as [System#nanoTime] counts
/// @param events how many events it comes from
/// @param reached by kind, the resource version up to which nothing is missing
public record Batch(
    Changes changes, List<Notice> notices, long since, int events, Map<LiveKind, String> reached) {
  public Batch {
    notices = List.copyOf(notices);
    reached = Map.copyOf(reached);
  }

  public boolean isEmpty() {
    return changes.all().isEmpty() && notices.isEmpty();
  }
}
