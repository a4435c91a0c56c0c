package dev.ringfence.core.answer;

import dev.ringfence.core.answer.Difference.What;
import dev.ringfence.core.answer.Differences.Closest;
import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.Peers;
import dev.ringfence.core.model.Ports;
import dev.ringfence.core.model.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The rules that came closest to allowing what was denied (S272).
final class NearMisses {
  /// More differences than this are no near miss, unless peer or port matched.
  private static final int NEAR = 2;

  private static final int MOST = 10;

  private final Differences differences;
  private final Flow flow;
  private final Direction direction;

  private NearMisses(Snapshot now, Flow flow, Direction direction) {
    this.differences = new Differences(now);
    this.flow = flow;
    this.direction = direction;
  }

  /// A rule, and whether one half of it matched.
  private record Candidate(NearMiss miss, boolean half) {
    /// A pod and a block are further apart than two labels, and so are pods and any other end.
    int distance(boolean pod) {
      long kinds =
          miss.differs().stream()
              .filter(one -> one.what() == What.IP_BLOCK && (pod || one.wants().isEmpty()))
              .count();
      return miss.differs().size() + 2 * (int) kinds;
    }
  }

  /// The closest rules, closest first; policies without any rule last.
  ///
  /// @param isolating the policies that isolate the pod in this direction
  static List<NearMiss> of(
      Snapshot now, Flow flow, Direction direction, List<NetworkPolicy> isolating) {
    return new NearMisses(now, flow, direction).among(isolating);
  }

  private List<NearMiss> among(List<NetworkPolicy> isolating) {
    List<Candidate> candidates = new ArrayList<>();
    List<NearMiss> without = new ArrayList<>();
    for (NetworkPolicy policy : isolating) {
      List<Rule> rules = policy.rules(direction);
      for (int k = 0; k < rules.size(); k++) {
        candidate(policy, k, rules.get(k)).ifPresent(candidates::add);
      }
      if (rules.isEmpty()) {
        without.add(noRule(policy));
      }
    }
    boolean pod = end() instanceof Endpoint.OfPod;
    candidates.sort(Comparator.comparingInt(one -> one.distance(pod)));
    List<NearMiss> out = new ArrayList<>();
    for (Candidate one : candidates) {
      boolean near = one.half() || one.distance(pod) <= NEAR || out.isEmpty();
      if (near && out.size() < MOST) {
        out.add(one.miss());
      }
    }
    out.addAll(without);
    return out;
  }

  private Optional<Candidate> candidate(NetworkPolicy policy, int index, Rule rule) {
    Optional<Closest> peer = peer(policy, rule);
    Optional<Closest> port = port(rule);
    if (peer.isEmpty() || port.isEmpty()) {
      return Optional.empty();
    }
    List<Difference> differs = new ArrayList<>(peer.get().differs());
    differs.addAll(port.get().differs());
    return Optional.of(
        new Candidate(
            new NearMiss(
                policy.id(), OptionalInt.of(index), peer.get().at(), port.get().at(), differs),
            peer.get().differs().isEmpty() || port.get().differs().isEmpty()));
  }

  private Endpoint end() {
    return direction == Direction.EGRESS ? flow.to() : flow.from();
  }

  private Optional<Closest> peer(NetworkPolicy policy, Rule rule) {
    return switch (rule.peers()) {
      case Peers.Any() -> Optional.of(Closest.ANYTHING);
      case Peers.OneOf(var items) ->
          Differences.closest(
              items, item -> differences.ofPeer(item, policy.name().namespace(), end()));
    };
  }

  private Optional<Closest> port(Rule rule) {
    return switch (rule.ports()) {
      case Ports.Any() -> Optional.of(Closest.ANYTHING);
      case Ports.OneOf(var items) ->
          Differences.closest(items, item -> differences.ofPort(item, flow));
    };
  }

  private static NearMiss noRule(NetworkPolicy policy) {
    return new NearMiss(
        policy.id(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        List.of(
            new Difference(What.NO_RULE, Optional.empty(), Optional.empty(), Optional.empty())));
  }
}
