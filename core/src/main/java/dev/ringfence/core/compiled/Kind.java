package dev.ringfence.core.compiled;

import dev.ringfence.core.cluster.ContainerPort;
import dev.ringfence.core.model.Direction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Pods that no policy can tell apart but by their addresses: one namespace, the same labels as far
/// as any selector looks, the same named ports.
final class Kind {
  final int number;
  final Key key;

  /// Pods of this kind that exist now, in no order.
  final List<Member> members = new ArrayList<>();

  private @Nullable Applied ingress;
  private @Nullable Applied egress;

  /// What [FilledSets] knows about this kind.
  final Interests interests = new Interests();

  Kind(int number, Key key) {
    this.number = number;
    this.key = key;
  }

  /// @param spaceLabels number of the namespace's label set
  /// @param podLabels number of the pod's label set
  /// @param hostNetwork only where an analyser treats such pods as pods (S101)
  /// @param named the ports that have names, sorted by text
  record Key(
      String namespace,
      int spaceLabels,
      int podLabels,
      boolean hostNetwork,
      List<ContainerPort> named) {}

  void join(Member member) {
    member.seat = members.size();
    members.add(member);
  }

  void leave(Member member) {
    Member last = members.removeLast();
    if (last != member) {
      members.set(member.seat, last);
      last.seat = member.seat;
    }
    member.seat = -1;
  }

  /// What applies to this kind; null until it is worked out, and again after that changed.
  @Nullable Applied applied(Direction direction) {
    return direction == Direction.INGRESS ? ingress : egress;
  }

  void remember(Direction direction, Applied now) {
    if (direction == Direction.INGRESS) {
      ingress = now;
    } else {
      egress = now;
    }
  }

  void forgetApplied() {
    ingress = null;
    egress = null;
  }
}
