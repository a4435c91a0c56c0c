package dev.ringfence.core.answer;

import dev.ringfence.core.model.ClusterPolicy;
import dev.ringfence.core.model.Policies;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One permitted way to read what upstream leaves open (section 7).
///
/// @param blocksMatchPods an ipBlock matches the address of a pod (S41)
/// @param others what isolation means for protocols without ports (S72)
/// @param first of policies with one priority, the one that is asked first (S233)
record Reading(
    boolean blocksMatchPods,
    OtherProtocols others,
    boolean allowHairpin,
    boolean allowEgressToOwnNode,
    Optional<ClusterPolicy> first) {
  enum OtherProtocols {
    /// Rules without ports allow them: our choice.
    BY_RULE,
    DENIED,
    ALLOWED
  }

  static Reading ours(EvaluatorOptions options) {
    return new Reading(
        true,
        OtherProtocols.BY_RULE,
        options.allowHairpin(),
        options.allowEgressToOwnNode(),
        Optional.empty());
  }

  /// Every reading that differs from this one in a single choice.
  List<Reading> neighbours(Policies policies) {
    List<Reading> all = new ArrayList<>();
    all.add(new Reading(!blocksMatchPods, others, allowHairpin, allowEgressToOwnNode, first));
    for (OtherProtocols other : OtherProtocols.values()) {
      if (other != others) {
        all.add(new Reading(blocksMatchPods, other, allowHairpin, allowEgressToOwnNode, first));
      }
    }
    all.add(new Reading(blocksMatchPods, others, !allowHairpin, allowEgressToOwnNode, first));
    all.add(new Reading(blocksMatchPods, others, allowHairpin, !allowEgressToOwnNode, first));
    for (ClusterPolicy policy : policies.cluster()) {
      if (policies.cluster().stream().anyMatch(other -> ties(policy, other))) {
        all.add(
            new Reading(
                blocksMatchPods, others, allowHairpin, allowEgressToOwnNode, Optional.of(policy)));
      }
    }
    return all;
  }

  private static boolean ties(ClusterPolicy a, ClusterPolicy b) {
    return !a.equals(b) && a.tier() == b.tier() && a.priority() == b.priority();
  }

  /// The policies of one tier in the order in which this reading asks them.
  List<ClusterPolicy> inOrder(List<ClusterPolicy> tier) {
    if (first.isEmpty() || !tier.contains(first.get())) {
      return tier;
    }
    List<ClusterPolicy> out = new ArrayList<>(tier);
    out.remove(first.get());
    int at = 0;
    while (at < out.size() && out.get(at).priority() < first.get().priority()) {
      at++;
    }
    out.add(at, first.get());
    return out;
  }
}
