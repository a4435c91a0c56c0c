package dev.ringfence.core.compiled;

import dev.ringfence.core.cluster.ContainerPort;
import dev.ringfence.core.model.Direction;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Pods that no policy can tell apart but by their addresses: one namespace, one label set, the
/// same named ports.
final class Kind {
  final int number;
  final Key key;

  /// Pods of this kind that exist now, in no order.
  final List<Member> members = new ArrayList<>();

  private final Map<Direction, Applied> applied = new EnumMap<>(Direction.class);

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
  }

  /// What applied to this kind when it was last asked.
  @Nullable Applied applied(Direction direction) {
    return applied.get(direction);
  }

  void remember(Direction direction, Applied now) {
    applied.put(direction, now);
  }
}
