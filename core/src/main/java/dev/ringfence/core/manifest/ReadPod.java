package dev.ringfence.core.manifest;

import dev.ringfence.core.cluster.Phase;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.PodAddresses;
import dev.ringfence.core.cluster.Workload;
import java.time.Instant;
import java.util.Optional;

/// A Pod as written, before its owner is known.
record ReadPod(
    Meta meta, PodFields fields, PodAddresses addresses, Phase phase, Optional<Instant> startTime) {
  Pod ownedBy(Workload workload) {
    return new Pod(
        meta.name(),
        meta.uid(),
        meta.labels(),
        fields.node(),
        fields.hostNetwork(),
        addresses,
        phase,
        startTime,
        fields.ports(),
        workload);
  }
}
