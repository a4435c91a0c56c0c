package dev.ringfence.kubernetes;

import dev.ringfence.core.manifest.LiveKind;
import dev.ringfence.core.manifest.LiveObject;
import dev.ringfence.core.manifest.Problem;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.Peer;
import dev.ringfence.core.model.Peers;
import dev.ringfence.core.model.PortItem;
import dev.ringfence.core.model.Ports;
import dev.ringfence.core.model.Rule;
import java.util.List;
import java.util.stream.Stream;

/// An object that cannot be enforced as it is written.
///
/// @param problems empty once it can, or is gone
/// @param inForce whether it is in force as far as it can be read; if not, its last good version
///   stays, if there was one (S30)
public record Notice(
    LiveKind kind, ObjectName name, String uid, List<Problem> problems, boolean inForce) {
  public Notice {
    problems = List.copyOf(problems);
  }

  /// Whether it holds an error, or a part that was let in and that nobody can read: that part
  /// matches nothing (S30).
  static boolean isDue(LiveObject.Read object) {
    return object.problems().stream().anyMatch(Problem::isError)
        || (object.object().orElse(null) instanceof LiveObject.OfPolicy(var policy)
            && Stream.of(policy.ingress(), policy.egress())
                .flatMap(List::stream)
                .anyMatch(Notice::isPartlyUnreadable));
  }

  private static boolean isPartlyUnreadable(Rule rule) {
    boolean port =
        rule.ports() instanceof Ports.OneOf(var items)
            && items.stream().anyMatch(item -> item instanceof PortItem.Unreadable);
    boolean peer =
        rule.peers() instanceof Peers.OneOf(var items)
            && items.stream().anyMatch(item -> item instanceof Peer.Unreadable);
    return port || peer;
  }

  /// Whether any of the problems keeps the object as a whole from being in force as it is written.
  public boolean isError() {
    return problems.stream().anyMatch(Problem::isError);
  }
}
