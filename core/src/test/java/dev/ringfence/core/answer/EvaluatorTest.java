package dev.ringfence.core.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.answer.Side.Considered;
import dev.ringfence.core.cluster.ContainerPort;
import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.cluster.Namespace;
import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.Phase;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.PodAddresses;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.cluster.Workload;
import dev.ringfence.core.model.Action;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.ClusterPolicy;
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
import dev.ringfence.core.model.Protocol;
import dev.ringfence.core.model.Rule;
import dev.ringfence.core.model.Tier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Reasons, certainty and options; verdicts are what the catalogue and the laws are for.
class EvaluatorTest {
  private static final Pod CRANE = pod("harbor", "crane", "n1", "10.44.1.11");
  private static final Pod TUG = pod("harbor", "tug", "n2", "10.44.2.12");
  private static final Pod PICKER = pod("orchard", "picker", "n2", "10.44.2.21");

  private static final Snapshot NOW =
      new Snapshot(
          List.of(new Namespace("harbor", Map.of("zone", "wet"))),
          List.of(node("n1", "192.0.2.1"), node("n2", "192.0.2.2")),
          List.of(CRANE, TUG, PICKER),
          List.of());

  @Test
  void aRuleIsNamedDownToPeerAndPort() {
    NetworkPolicy policy =
        ingress(
            "p1",
            new Rule(new Peers.OneOf(List.of(pods("nobody"))), new Ports.Any()),
            new Rule(
                new Peers.OneOf(List.of(pods("nobody"), pods("tug"))),
                new Ports.OneOf(List.of(port(80), port(81)))));
    Side side = decide(policy, TUG, CRANE, 81).ingress();
    assertThat(side.code()).isEqualTo(Code.NP_RULE);
    assertThat(side.tier()).contains(Tier.NETWORK_POLICY);
    assertThat(side.policy()).contains("networkpolicy/harbor/p1");
    assertThat(side.rule()).hasValue(1);
    assertThat(side.peer()).hasValue(1);
    assertThat(side.port()).hasValue(1);
  }

  @Test
  void aRuleForAnybodyHasNoPeerIndex() {
    Side side = decide(ingress("p1", Rule.EVERYTHING), PICKER, CRANE, 80).ingress();
    assertThat(side.rule()).hasValue(0);
    assertThat(side.peer()).isEmpty();
    assertThat(side.port()).isEmpty();
  }

  @Test
  void aDenialNamesThePoliciesThatIsolate() {
    Decision decision = decide(ingress("p1"), TUG, CRANE, 80);
    assertThat(decision.allowed()).isFalse();
    assertThat(decision.decidedBy()).isEqualTo(DecidedBy.INGRESS);
    assertThat(decision.certainty()).isEqualTo(Certainty.DEFINED);
    assertThat(decision.egress().code().word()).isEqualTo("not-isolated");
    assertThat(decision.ingress().code().word()).isEqualTo("denied");
    assertThat(decision.ingress().considered())
        .containsExactly(new Considered("networkpolicy/harbor/p1", OptionalInt.empty()));
  }

  @Test
  void aPassThatFiredIsListed() {
    ClusterPolicy pass = tier(Tier.ADMIN, 1, "pass", Action.PASS);
    ClusterPolicy deny = tier(Tier.BASELINE, 1, "deny", Action.DENY);
    Side side = decide(new Policies(List.of(), List.of(deny, pass)), TUG, CRANE, 80).ingress();
    assertThat(side.code()).isEqualTo(Code.BASELINE_DENY);
    assertThat(side.policy()).contains("clusternetworkpolicy/deny");
    assertThat(side.considered())
        .containsExactly(new Considered("clusternetworkpolicy/pass", OptionalInt.of(0)));
  }

  @Test
  void equalPrioritiesAreDecidedByNameAndUncertain() {
    ClusterPolicy deny = tier(Tier.ADMIN, 7, "aa", Action.DENY);
    ClusterPolicy accept = tier(Tier.ADMIN, 7, "bb", Action.ACCEPT);
    Policies tie = new Policies(List.of(), List.of(accept, deny));
    Decision decision = decide(tie, TUG, CRANE, 80);
    assertThat(decision.ingress().code()).isEqualTo(Code.ADMIN_DENY); // S233, case 137
    assertThat(decision.certainty()).isEqualTo(Certainty.IMPLEMENTATION);
  }

  @Test
  void aBlockThatCoversAPodIsUncertain() {
    Peer block = new Peer.Block(new IpBlock(Cidr.of("10.44.0.0/16"), List.of()));
    NetworkPolicy policy =
        ingress("p1", new Rule(new Peers.OneOf(List.of(block)), new Ports.Any()));
    Decision decision = decide(policy, TUG, CRANE, 80);
    assertThat(decision.allowed()).isTrue(); // S41
    assertThat(decision.certainty()).isEqualTo(Certainty.IMPLEMENTATION);
  }

  @Test
  void isolationDecidesOnIcmpByRulesWithoutPorts() {
    Rule anyPort = new Rule(new Peers.OneOf(List.of(pods("tug"))), new Ports.Any());
    Rule onePort =
        new Rule(new Peers.OneOf(List.of(pods("tug"))), new Ports.OneOf(List.of(port(80))));
    Flow ping = Flow.other(end(TUG), end(CRANE));
    Decision allowed = evaluator(ingress("p1", anyPort)).decide(ping); // S72, cases 84, 85
    Decision denied = evaluator(ingress("p1", onePort)).decide(ping);
    assertThat(allowed.allowed()).isTrue();
    assertThat(denied.allowed()).isFalse();
    assertThat(allowed.certainty()).isEqualTo(Certainty.IMPLEMENTATION);
    assertThat(denied.certainty()).isEqualTo(Certainty.IMPLEMENTATION);
  }

  @Test
  void theOwnNodeEntersAndIsNotEntered() {
    Endpoint n1 = NOW.resolve(Address.of("192.0.2.1"));
    Endpoint n2 = NOW.resolve(Address.of("192.0.2.2"));
    NetworkPolicy closed = closed(Set.of(Direction.INGRESS, Direction.EGRESS));
    Evaluator evaluator = evaluator(closed);
    assertThat(evaluator.decide(Flow.of(n1, end(CRANE), Protocol.TCP, 80)).ingress().code())
        .isEqualTo(Code.OWN_NODE);
    assertThat(evaluator.decide(Flow.of(n2, end(CRANE), Protocol.TCP, 80)).allowed()).isFalse();
    Flow out = Flow.of(end(CRANE), n1, Protocol.TCP, 10_250);
    assertThat(evaluator.decide(out).allowed()).isFalse(); // S98, case 92
    assertThat(evaluator.decide(out).certainty()).isEqualTo(Certainty.IMPLEMENTATION);
    assertThat(evaluator.decide(out).ingress().code()).isEqualTo(Code.NOT_A_POD);
    EvaluatorOptions lax = new EvaluatorOptions(true, false);
    assertThat(new Evaluator(Policies.of(List.of(closed)), NOW, lax).decide(out).egress().code())
        .isEqualTo(Code.OWN_NODE);
  }

  @Test
  void aPodReachesItselfButNotThroughAService() {
    NetworkPolicy closed = closed(Set.of(Direction.INGRESS, Direction.EGRESS));
    Flow direct = Flow.of(end(CRANE), end(CRANE), Protocol.TCP, 80);
    Flow hairpin = new Flow(end(CRANE), end(CRANE), Protocol.TCP, OptionalInt.of(80), true);
    assertThat(evaluator(closed).decide(direct).ingress().code()).isEqualTo(Code.SELF);
    assertThat(evaluator(closed).decide(hairpin).allowed()).isFalse(); // S91, case 88
    assertThat(evaluator(closed).decide(hairpin).certainty()).isEqualTo(Certainty.IMPLEMENTATION);
    EvaluatorOptions lax = new EvaluatorOptions(false, true);
    assertThat(new Evaluator(Policies.of(List.of(closed)), NOW, lax).decide(hairpin).allowed())
        .isTrue();
  }

  @Test
  void anUnknownAddressIsInABlockThatCoversItsFamily() {
    Pod somewhere =
        new Pod(
            new ObjectName("harbor", "somewhere"),
            "",
            Map.of(),
            Optional.empty(),
            false,
            new PodAddresses.Unknown(),
            Phase.RUNNING,
            Optional.empty(),
            List.of(),
            new Workload("harbor", "Pod", "somewhere"));
    Flow flow =
        Flow.of(new Endpoint.OfPod(somewhere, Optional.empty()), end(CRANE), Protocol.TCP, 80);
    assertThat(evaluator(fromBlock("0.0.0.0/0")).decide(flow).allowed()).isTrue(); // S112
    assertThat(evaluator(fromBlock("10.0.0.0/8")).decide(flow).allowed()).isFalse();
  }

  private static NetworkPolicy fromBlock(String cidr) {
    Peer block = new Peer.Block(new IpBlock(Cidr.of(cidr), List.of()));
    return ingress("p1", new Rule(new Peers.OneOf(List.of(block)), new Ports.Any()));
  }

  private static Decision decide(NetworkPolicy policy, Pod from, Pod to, int port) {
    return decide(Policies.of(List.of(policy)), from, to, port);
  }

  private static Decision decide(Policies policies, Pod from, Pod to, int port) {
    return new Evaluator(policies, NOW).decide(Flow.of(end(from), end(to), Protocol.TCP, port));
  }

  private static Evaluator evaluator(NetworkPolicy policy) {
    return new Evaluator(Policies.of(List.of(policy)), NOW);
  }

  private static NetworkPolicy ingress(String name, Rule... rules) {
    return new NetworkPolicy(
        new ObjectName("harbor", name),
        "",
        0,
        app("crane"),
        Set.of(Direction.INGRESS),
        List.of(rules),
        List.of());
  }

  private static NetworkPolicy closed(Set<Direction> types) {
    return new NetworkPolicy(
        new ObjectName("harbor", "closed"),
        "",
        0,
        LabelSelector.EVERYTHING,
        types,
        List.of(),
        List.of());
  }

  private static ClusterPolicy tier(Tier tier, int priority, String name, Action action) {
    Peer all =
        new Peer.Pods(new NamespaceScope.Matching(LabelSelector.EVERYTHING), Optional.empty());
    return new ClusterPolicy(
        tier,
        priority,
        "clusternetworkpolicy",
        name,
        new ClusterPolicy.Subject(LabelSelector.EVERYTHING, LabelSelector.EVERYTHING),
        List.of(
            new ClusterPolicy.TierRule(
                action, new Rule(new Peers.OneOf(List.of(all)), new Ports.Any()))),
        List.of());
  }

  private static Peer pods(String app) {
    return new Peer.Pods(new NamespaceScope.PolicyNamespace(), Optional.of(app(app)));
  }

  private static LabelSelector app(String app) {
    return LabelSelector.labels(Map.of("app", app));
  }

  private static PortItem port(int number) {
    return new PortItem.Numbers(Protocol.TCP, PortRange.only(number));
  }

  private static Endpoint end(Pod pod) {
    return new Endpoint.OfPod(pod, pod.knownAddresses().stream().findFirst());
  }

  private static Node node(String name, String address) {
    return new Node(name, Map.of(), List.of(Address.of(address)), List.of());
  }

  private static Pod pod(String namespace, String name, String node, String address) {
    return new Pod(
        new ObjectName(namespace, name),
        "",
        Map.of("app", name),
        Optional.of(node),
        false,
        PodAddresses.of(Address.of(address)),
        Phase.RUNNING,
        Optional.empty(),
        List.of(ContainerPort.named("web", Protocol.TCP, 8081)),
        new Workload(namespace, "Pod", name));
  }
}
