package dev.ringfence.core.compiled;

import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.model.Address;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A counting pod and where it is indexed.
final class Member {
  final Pod pod;
  final Kind kind;

  /// Those it claims, each once.
  final List<Address> addresses;

  /// Those it owns, once somebody asked [Claims]; null after that changed.
  @Nullable List<Address> owned;

  /// Its place in the kind's list; negative once it is gone.
  int seat;

  Member(Pod pod, Kind kind) {
    this.pod = pod;
    this.kind = kind;
    this.addresses = distinct(pod.knownAddresses());
  }

  private static List<Address> distinct(List<Address> all) {
    return all.size() < 2 ? all : all.stream().distinct().toList();
  }

  boolean isGone() {
    return seat < 0;
  }
}
