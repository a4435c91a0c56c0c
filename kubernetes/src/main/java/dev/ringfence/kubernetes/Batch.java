package dev.ringfence.kubernetes;

import dev.ringfence.core.compiled.Changes;
import java.util.List;

/// What has changed in the cluster since the batch before, of each object only the last.
///
/// @param changes in the order in which the objects last changed
/// @param notices what could not be read, or could again
/// @param since when the oldest of it was known here, as [System#nanoTime] counts
/// @param events how many events it comes from
public record Batch(Changes changes, List<Notice> notices, long since, int events) {
  public Batch {
    notices = List.copyOf(notices);
  }
}
