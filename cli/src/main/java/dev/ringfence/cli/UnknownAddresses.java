package dev.ringfence.cli;

import dev.ringfence.core.answer.Decision;
import dev.ringfence.core.answer.Evaluator;
import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.IpBlock;
import dev.ringfence.core.model.Peer;
import dev.ringfence.core.model.Peers;
import dev.ringfence.core.model.Policies;
import dev.ringfence.core.model.Rule;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Pods without a known address match an `ipBlock` only if it covers a whole family (S112). Says so
/// where some address would change the answer.
final class UnknownAddresses {
  private final List<Address> edges;
  private final Evaluator evaluator;

  UnknownAddresses(Policies policies, Evaluator evaluator) {
    this.evaluator = evaluator;
    this.edges = List.copyOf(edges(policies));
  }

  /// One sentence for each pod whose address matters.
  List<String> warnings(List<Flow> flows, List<Decision> decisions) {
    var pods = new LinkedHashSet<String>();
    for (int i = 0; i < flows.size(); i++) {
      Flow flow = flows.get(i);
      boolean now = decisions.get(i).allowed();
      if (matters(flow, true, now)) {
        pods.add(Answers.name(flow.from()));
      }
      if (matters(flow, false, now)) {
        pods.add(Answers.name(flow.to()));
      }
    }
    return pods.stream()
        .map(pod -> pod + " has no known address, and an ipBlock might match the one it gets")
        .toList();
  }

  private boolean matters(Flow flow, boolean from, boolean now) {
    return (from ? flow.from() : flow.to()) instanceof Endpoint.OfPod(var pod, var at)
        && at.isEmpty()
        && edges.stream()
            .map(address -> new Endpoint.OfPod(pod, Optional.of(address)))
            .anyMatch(placed -> evaluator.decide(replaced(flow, from, placed)).allowed() != now);
  }

  private static Flow replaced(Flow flow, boolean from, Endpoint placed) {
    return new Flow(
        from ? placed : flow.from(),
        from ? flow.to() : placed,
        flow.protocol(),
        flow.port(),
        flow.viaService());
  }

  /// One address of each interval that the blocks cut: no rule tells two of one interval apart.
  private static NavigableSet<Address> edges(Policies policies) {
    NavigableSet<Address> out = new TreeSet<>();
    policies.network().stream()
        .flatMap(policy -> Stream.concat(policy.ingress().stream(), policy.egress().stream()))
        .flatMap(UnknownAddresses::blocks)
        .forEach(block -> {
          List<dev.ringfence.core.model.Cidr> all = new ArrayList<>(block.except());
          all.add(block.cidr());
          all.forEach(cidr -> {
            out.add(cidr.first());
            cidr.last().next().ifPresent(out::add);
          });
        });
    return out;
  }

  private static Stream<IpBlock> blocks(Rule rule) {
    return rule.peers() instanceof Peers.OneOf(var items)
        ? items.stream()
            .flatMap(
                item -> item instanceof Peer.Block(var block) ? Stream.of(block) : Stream.empty())
        : Stream.empty();
  }
}
