package dev.ringfence.core.answer;

import dev.ringfence.core.cluster.Flow;
import java.util.List;

/// An answer with its reasons.
///
/// @param egress rules of the source's policies that came close; empty unless that side denies
/// @param ingress likewise of the destination's
public record Explained(
    Flow flow, Decision decision, List<NearMiss> egress, List<NearMiss> ingress) {
  public Explained {
    egress = List.copyOf(egress);
    ingress = List.copyOf(ingress);
  }
}
