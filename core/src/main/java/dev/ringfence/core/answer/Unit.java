package dev.ringfence.core.answer;

import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.model.Family;
import java.util.List;
import java.util.Optional;

/// One of the ends between which a [Grid] looks: whoever stands for pods that nobody can tell
/// apart, or a node.
///
/// @param ends one for each family it has, or a single one whose address nobody knows
record Unit(Party party, List<Endpoint> ends) {
  Unit {
    ends = List.copyOf(ends);
  }

  /// Bits of [Openings]; none where nobody knows its address.
  int families() {
    int out = 0;
    for (Endpoint end : ends) {
      out |= end.address().map(at -> bit(at.family())).orElse(0);
    }
    return out;
  }

  private static int bit(Family family) {
    return family == Family.IPV4 ? Openings.IPV4 : Openings.IPV6;
  }

  /// Whether it may have an address of this family.
  boolean has(Family family) {
    int families = families();
    return families == 0 || (families & bit(family)) != 0;
  }

  /// Whether policies are about it.
  boolean isPod() {
    return ends.getFirst() instanceof Endpoint.OfPod;
  }

  /// The node that it is, or whose address it has.
  Optional<String> asNode() {
    return ends.getFirst() instanceof Endpoint.OfNode(String node, var at)
        ? Optional.of(node)
        : Optional.empty();
  }

  /// The node that it runs on; never of a node.
  Optional<String> onNode() {
    return ends.getFirst() instanceof Endpoint.OfPod(var pod, var at)
        ? pod.node()
        : Optional.empty();
  }
}
