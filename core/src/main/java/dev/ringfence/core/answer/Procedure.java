package dev.ringfence.core.answer;

import dev.ringfence.core.answer.Side.Considered;
import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.Action;
import dev.ringfence.core.model.ClusterPolicy;
import dev.ringfence.core.model.ClusterPolicy.TierRule;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.Policies;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.core.model.Rule;
import dev.ringfence.core.model.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// One side of one flow, asked tier by tier: `side`, `clusterTier` and `npTier` of section 4.3.
final class Procedure {
  private final Policies policies;
  private final Snapshot now;
  private final Reading reading;
  private final Matching matching;
  private final Flow flow;
  private final Direction direction;
  private final Pod subject;
  private final Endpoint peer;
  private final List<Considered> considered = new ArrayList<>();

  private Procedure(
      Policies policies,
      Snapshot now,
      Reading reading,
      Flow flow,
      Direction direction,
      Pod subject) {
    this.policies = policies;
    this.now = now;
    this.reading = reading;
    this.matching = new Matching(now, reading);
    this.flow = flow;
    this.direction = direction;
    this.subject = subject;
    this.peer = direction == Direction.EGRESS ? flow.to() : flow.from();
  }

  static Side side(
      Policies policies, Snapshot now, Reading reading, Flow flow, Direction direction) {
    Endpoint end = direction == Direction.EGRESS ? flow.from() : flow.to();
    return end instanceof Endpoint.OfPod(Pod pod, var at)
        ? new Procedure(policies, now, reading, flow, direction, pod).tiers()
        : Side.plain(Code.NOT_A_POD); // S12, S101
  }

  private Side tiers() {
    return clusterTier(Tier.ADMIN)
        .or(this::npTier)
        .or(() -> clusterTier(Tier.BASELINE))
        .orElseGet(() -> Side.plain(Code.NOT_ISOLATED, Optional.empty(), considered));
  }

  private Optional<Side> clusterTier(Tier tier) {
    List<ClusterPolicy> of =
        policies.cluster().stream().filter(policy -> policy.tier() == tier).toList();
    for (ClusterPolicy policy : reading.inOrder(of)) {
      if (!selects(policy.subject())) {
        continue;
      }
      List<TierRule> rules = policy.rules(direction);
      for (int k = 0; k < rules.size(); k++) {
        Action action = rules.get(k).action();
        Hit hit = hit(rules.get(k).match(), Optional.empty());
        Match match = hit.match();
        if (match == Match.NO || (match == Match.MAYBE && action == Action.ACCEPT)) {
          continue;
        }
        if (match == Match.MAYBE || action == Action.DENY) { // S28: Pass closes as well
          return Optional.of(decided(deny(tier), tier, policy.id(), k, hit));
        }
        if (action == Action.ACCEPT) {
          return Optional.of(decided(accept(tier), tier, policy.id(), k, hit));
        }
        considered.add(new Considered(policy.id(), OptionalInt.of(k)));
        return Optional.empty(); // S224
      }
    }
    return Optional.empty();
  }

  private Optional<Side> npTier() {
    List<NetworkPolicy> applying =
        policies.network().stream()
            .filter(policy -> policy.name().namespace().equals(subject.namespace()))
            .filter(policy -> policy.isolates(direction))
            .filter(policy -> policy.subject().matches(subject.labels()))
            .toList();
    if (applying.isEmpty()) {
      return Optional.empty(); // S8, S227
    }
    applying.forEach(one -> considered.add(new Considered(one.id(), OptionalInt.empty())));
    if (peerIsOwnNode()
        && (direction == Direction.INGRESS || reading.allowEgressToOwnNode())) { // S95, S98
      return Optional.of(plain(Code.OWN_NODE));
    }
    if (reading.allowHairpin() && Evaluator.toItself(flow)) { // S91
      return Optional.of(plain(Code.SELF));
    }
    if (flow.protocol() == Protocol.OTHER && reading.others() != Reading.OtherProtocols.BY_RULE) {
      boolean allowed = reading.others() == Reading.OtherProtocols.ALLOWED;
      return Optional.of(plain(allowed ? Code.NP_RULE : Code.NP_ISOLATED_NO_MATCH));
    }
    for (NetworkPolicy policy : applying) {
      List<Rule> rules = policy.rules(direction);
      for (int k = 0; k < rules.size(); k++) {
        Hit hit = hit(rules.get(k), Optional.of(policy.name().namespace()));
        if (hit.match() == Match.YES) {
          return Optional.of(decided(Code.NP_RULE, Tier.NETWORK_POLICY, policy.id(), k, hit));
        }
      }
    }
    return Optional.of(plain(Code.NP_ISOLATED_NO_MATCH));
  }

  private boolean selects(ClusterPolicy.Subject of) {
    return !subject.hostNetwork() // S202
        && of.namespaces().matches(now.namespaceLabels(subject.namespace()))
        && of.pods().matches(subject.labels());
  }

  private boolean peerIsOwnNode() {
    return peer instanceof Endpoint.OfNode(String node, var at)
        && subject.node().filter(node::equals).isPresent();
  }

  private Side plain(Code code) {
    return Side.plain(code, Optional.of(Tier.NETWORK_POLICY), considered);
  }

  private Side decided(Code code, Tier tier, String policy, int rule, Hit hit) {
    return new Side(
        code,
        Optional.of(tier),
        Optional.of(policy),
        OptionalInt.of(rule),
        hit.peer().at(),
        hit.port().at(),
        considered);
  }

  private Hit hit(Rule rule, Optional<String> own) {
    return new Hit(matching.peers(rule.peers(), own, peer), matching.ports(rule.ports(), flow));
  }

  /// One rule must match both (S11).
  private record Hit(Match.Found peer, Match.Found port) {
    Match match() {
      return peer.match().and(port.match());
    }
  }

  private static Code accept(Tier tier) {
    return tier == Tier.ADMIN ? Code.ADMIN_ACCEPT : Code.BASELINE_ACCEPT;
  }

  private static Code deny(Tier tier) {
    return tier == Tier.ADMIN ? Code.ADMIN_DENY : Code.BASELINE_DENY;
  }
}
