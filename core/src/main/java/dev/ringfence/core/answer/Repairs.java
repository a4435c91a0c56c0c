package dev.ringfence.core.answer;

import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.cluster.Namespace;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.IpBlock;
import dev.ringfence.core.model.LabelSelector;
import dev.ringfence.core.model.NamespaceScope;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.Peer;
import dev.ringfence.core.model.Peers;
import dev.ringfence.core.model.Policies;
import dev.ringfence.core.model.PortItem;
import dev.ringfence.core.model.PortRange;
import dev.ringfence.core.model.Ports;
import dev.ringfence.core.model.Rule;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Finds the smallest change that allows what is denied.
///
/// It is always one more NetworkPolicy a side, about the workload, its peer and the port alone: no
/// rule added to a policy that is there can open less, since that policy may select others too, and
/// what somebody else wrote stays as it is. The selectors are as short as they can be and tell the
/// pods meant from all others there are now.
public final class Repairs {
  private final Policies policies;
  private final Snapshot now;
  private final Evaluator evaluator;

  public Repairs(Policies policies, Snapshot now) {
    this.policies = policies;
    this.now = now;
    this.evaluator = new Evaluator(policies, now);
  }

  /// What each side needs; empty for one that allows. Together they allow the flow.
  ///
  /// @param ingress counts what it opens once `egress` is applied
  public record Repair(Optional<Fix> egress, Optional<Fix> ingress) {}

  /// The repair of a flow; nothing where it is allowed.
  public Repair of(Flow flow) {
    Decision decision = evaluator.decide(flow);
    List<NetworkPolicy> added = new ArrayList<>();
    Optional<Fix> egress = fix(flow, Direction.EGRESS, decision.egress(), added);
    Optional<Fix> ingress = fix(flow, Direction.INGRESS, decision.ingress(), added);
    return new Repair(egress, ingress);
  }

  /// @param added policies of fixes so far; this one's joins them
  private Optional<Fix> fix(Flow flow, Direction direction, Side side, List<NetworkPolicy> added) {
    if (side.allowed()) {
      return Optional.empty();
    }
    if (side.code() != Code.NP_ISOLATED_NO_MATCH) {
      return Optional.of(
          new Fix.Beyond(side.tier().orElseThrow(), side.policy().orElseThrow(), side.rule()));
    }
    boolean egress = direction == Direction.EGRESS;
    Pod subject = ((Endpoint.OfPod) (egress ? flow.from() : flow.to())).pod();
    Endpoint end = egress ? flow.to() : flow.from();
    Optional<Peer> peer = peer(end, subject.namespace());
    if (peer.isEmpty()) {
      return Optional.of(new Fix.Nameless());
    }
    Rule rule = new Rule(new Peers.OneOf(List.of(peer.get())), ports(flow));
    NetworkPolicy policy =
        new NetworkPolicy(
            new ObjectName(subject.namespace(), name(flow, direction, subject, end)),
            "",
            0,
            subject(subject, direction),
            Set.of(direction),
            egress ? List.of() : List.of(rule),
            egress ? List.of(rule) : List.of());
    Opened opened = new Opened(with(added), now, flow, direction);
    added.add(policy);
    return Optional.of(new Fix.Add(policy, opened.by(policy)));
  }

  private Policies with(List<NetworkPolicy> added) {
    List<NetworkPolicy> all = new ArrayList<>(policies.network());
    all.addAll(added);
    return new Policies(all, policies.cluster());
  }

  private static Ports ports(Flow flow) {
    return flow.port().isPresent()
        ? new Ports.OneOf(
            List.of(new PortItem.Numbers(flow.protocol(), PortRange.only(flow.port().getAsInt()))))
        : new Ports.Any();
  }

  /// The item that means an end; empty where nobody knows its address.
  private Optional<Peer> peer(Endpoint end, String ownNamespace) {
    return end instanceof Endpoint.OfPod(Pod pod, var at)
        ? Optional.of(
            new Peer.Pods(
                pod.namespace().equals(ownNamespace)
                    ? new NamespaceScope.PolicyNamespace()
                    : new NamespaceScope.Matching(
                        LabelSelector.labels(Map.of(Namespace.NAME_LABEL, pod.namespace()))),
                Optional.of(selector(pod, Set.of()))))
        : end.address().map(at -> new Peer.Block(new IpBlock(Cidr.only(at), List.of())));
  }

  /// Selects a pod, and nobody who would be isolated by that.
  private LabelSelector subject(Pod pod, Direction direction) {
    Set<Map<String, String>> free = new LinkedHashSet<>();
    for (Pod other : inNamespaceOf(pod)) {
      boolean isolated =
          policies.network().stream()
              .anyMatch(policy ->
                  policy.name().namespace().equals(other.namespace())
                      && policy.isolates(direction)
                      && policy.subject().matches(other.labels()));
      if (!isolated) {
        free.add(other.labels());
      }
    }
    return selector(pod, free);
  }

  /// @param never label sets that must not be matched, whatever it takes
  private LabelSelector selector(Pod pod, Set<Map<String, String>> never) {
    Set<Map<String, String>> others = new LinkedHashSet<>();
    Set<Map<String, String>> siblings = new LinkedHashSet<>();
    for (Pod other : inNamespaceOf(pod)) {
      if (!other.labels().equals(pod.labels())) {
        others.add(other.labels());
        if (other.workload().equals(pod.workload()) && !never.contains(other.labels())) {
          siblings.add(other.labels());
        }
      }
    }
    return Selecting.only(pod.labels(), others, siblings);
  }

  private List<Pod> inNamespaceOf(Pod pod) {
    return now.pods().values().stream()
        .filter(other -> other.namespace().equals(pod.namespace()))
        .filter(other -> !other.hostNetwork() && !other.phase().finished())
        .toList();
  }

  /// `db-from-web-5432` for ingress, `web-to-db-5432` for egress; a number is added if it is taken.
  private String name(Flow flow, Direction direction, Pod subject, Endpoint end) {
    String port = flow.port().isPresent() ? "-" + flow.port().getAsInt() + protocol(flow) : "";
    String name =
        cut(subject.workload().name())
            + (direction == Direction.EGRESS ? "-to-" : "-from-")
            + cut(word(end))
            + port;
    Set<String> taken = new LinkedHashSet<>();
    policies.network().stream()
        .filter(policy -> policy.name().namespace().equals(subject.namespace()))
        .forEach(policy -> taken.add(policy.name().name()));
    String free = name;
    for (int i = 2; taken.contains(free); i++) {
      free = name + "-" + i;
    }
    return free;
  }

  private static String protocol(Flow flow) {
    return switch (flow.protocol()) {
      case TCP -> "";
      case UDP -> "-udp";
      case SCTP -> "-sctp";
      case OTHER -> "-other";
    };
  }

  private static String word(Endpoint end) {
    return switch (end) {
      case Endpoint.OfPod(var pod, var at) -> pod.workload().name();
      case Endpoint.OfNode(var node, var at) -> node;
      case Endpoint.UnknownPod(var at) -> at.map(Repairs::word).orElse("unknown");
      case Endpoint.Outside(var at) -> at.map(Repairs::word).orElse("outside");
    };
  }

  private static String word(Address address) {
    return address.toString().replace("::", "-0-").replaceAll("[.:]", "-").replaceAll("^-|-$", "");
  }

  /// Names of policies end after 253 letters.
  private static String cut(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.length() <= 100 ? lower : lower.substring(0, 100).replaceAll("[-.]+$", "");
  }
}
