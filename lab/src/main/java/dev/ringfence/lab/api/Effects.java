package dev.ringfence.lab.api;

import dev.ringfence.lab.api.store.Key;
import java.util.List;

/// Whoever gives objects an effect: asked before a write of what judges or carries packets is
/// answered.
@FunctionalInterface
public interface Effects {
  /// Objects are only kept.
  Effects NONE = (_, _) -> List.of();

  /// Waits until what was written up to a revision has its effect, but not for long.
  ///
  /// @return why that of these objects is not there, sentences; none if it is
  List<String> await(List<Key> keys, long revision) throws InterruptedException;
}
