package dev.ringfence.core.compiled;

import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.model.Address;
import java.util.List;

/// A counting pod and where it is indexed.
final class Member {
  final Pod pod;
  final Kind kind;

  /// Those it claims, each once.
  final List<Address> addresses;

  /// Its place in the kind's list.
  int seat;

  Member(Pod pod, Kind kind) {
    this.pod = pod;
    this.kind = kind;
    this.addresses = pod.knownAddresses().stream().distinct().toList();
  }
}
