package dev.ringfence.core.compiled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.Phase;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.PodAddresses;
import dev.ringfence.core.cluster.Workload;
import dev.ringfence.core.compiled.NodePolicy.Admission;
import dev.ringfence.core.compiled.NodePolicy.Group;
import dev.ringfence.core.compiled.NodePolicy.PeerSet;
import dev.ringfence.core.model.Action;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.ClusterPolicy;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.LabelSelector;
import dev.ringfence.core.model.NamespaceScope;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.Peer;
import dev.ringfence.core.model.Peers;
import dev.ringfence.core.model.PortItem;
import dev.ringfence.core.model.PortRange;
import dev.ringfence.core.model.Ports;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.core.model.Rule;
import dev.ringfence.core.model.Tier;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What a change costs and what keeps its name; results are what the laws are for.
class PolicyEngineTest {
  private static final Change WEB = pod("web", "10.0.0.1", Map.of("app", "web"));
  private static final Change API = pod("api", "10.0.0.2", Map.of("app", "api"));
  private static final Change DB = pod("db", "10.0.0.3", Map.of("app", "db"));

  private final PolicyEngine engine = new PolicyEngine();

  @Test
  void equalPeersAreOneSetForAllPortsAndBothDirections() {
    Change apiFromWeb = policy("a", "api", Direction.INGRESS, fromApp("web", 80));
    Change dbToWeb = policy("b", "db", Direction.EGRESS, fromApp("web", 443));
    NodePolicy node = apply(WEB, API, DB, apiFromWeb, dbToWeb);
    assertThat(node.groups()).hasSize(2);
    assertThat(node.sets()).hasSize(1);
    assertThat(only(node.sets()).members()).containsExactly(Address.of("10.0.0.1"));
  }

  @Test
  void policiesThatSayTheSameAreOneGroup() {
    NodePolicy node =
        apply(
            WEB,
            API,
            DB,
            policy("a", "api", Direction.INGRESS, fromApp("web", 80)),
            policy("b", "db", Direction.INGRESS, fromApp("web", 80)));
    assertThat(only(node.groups()).policies())
        .containsExactly("networkpolicy/shop/a", "networkpolicy/shop/b");
  }

  @Test
  void aPodThatComesOrGoesChangesMembersOnly() {
    NodePolicy before =
        apply(
            API,
            DB,
            policy("a", "api", Direction.INGRESS, fromApp("web", 80)),
            policy("b", "db", Direction.INGRESS, fromApp("api", 80)));
    NodePolicy after = apply(WEB);
    assertThat(after.groups()).isEqualTo(before.groups());
    assertThat(after.sets().keySet()).isEqualTo(before.sets().keySet());
    for (PeerSet set : before.sets().values()) {
      PeerSet now = after.sets().get(set.id());
      if (set.members().isEmpty()) {
        assertThat(Objects.requireNonNull(now).members()).containsExactly(Address.of("10.0.0.1"));
      } else {
        assertThat(now).isSameAs(set); // untouched, so not even made anew
      }
    }
    assertThat(apply(new Change.PodGone(new ObjectName("shop", "web")))).isEqualTo(before);
  }

  @Test
  void aRestartGivesTheSameIds() {
    Change policy = policy("a", "api", Direction.INGRESS, fromApp("web", 80));
    NodePolicy first = apply(WEB, API, policy);
    NodePolicy again = new PolicyEngine().apply(Changes.of(policy, API, WEB)).forNode("n1");
    assertThat(again).isEqualTo(first);
    assertThat(only(again.groups()).pods())
        .containsExactly(
            new Admission(only(first.sets()).id(), PortSet.of(Protocol.TCP, PortRange.only(80))));
  }

  @Test
  void whatIsOverIsNotAnswered() {
    CompiledPolicy old = engine.apply(Changes.of(WEB));
    engine.apply(Changes.of(API));
    assertThatThrownBy(() -> old.forNode("n1")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aNodeThatGoesTakesItsUnknownPodsWithIt() {
    Change node = new Change.NodeSet(node("10.9.0.0/24"));
    NodePolicy with = apply(WEB, node, denyFromEverybody());
    NodePolicy without = apply(new Change.NodeGone("far"));
    assertThat(ranges(only(with.groups()))).contains("10.9.1.0-255.255.255.255");
    assertThat(ranges(only(without.groups()))).containsExactly("0.0.0.0/0", "::/0");
  }

  @Test
  void kindsOfThePastAreForgotten() {
    PolicyEngine forgetful = new PolicyEngine(MemberBudget.UNLIMITED, 3);
    forgetful.apply(Changes.of(API, policy("a", "api", Direction.INGRESS, fromApp("web", 80))));
    forgetful.apply(Changes.of(policy("jobs", LabelSelector.labels(Map.of("job", "j0")))));
    for (int job = 0; job < 20; job++) {
      Change.PodSet pod = pod("job", "10.0.0.9", Map.of("app", "web", "job", "j" + job));
      NodePolicy node = forgetful.apply(Changes.of(pod)).forNode("n1");
      assertThat(only(node.sets()).members()).containsExactly(Address.of("10.0.0.9"));
      assertThat(forgetful.inventory().kinds().size()).isLessThan(9);
    }
  }

  @Test
  void labelsThatNobodyLooksAtMakeNoKinds() {
    apply(API, policy("a", "api", Direction.INGRESS, fromApp("web", 80)));
    for (int job = 0; job < 20; job++) {
      apply(pod("job-" + job, "10.0.1." + job, Map.of("app", "web", "job", "j" + job)));
    }
    assertThat(engine.inventory().kinds().size()).isEqualTo(2);
    NodePolicy node = apply(policy("jobs", LabelSelector.labels(Map.of("job", "j7"))));
    assertThat(engine.inventory().kindsInUse()).isEqualTo(21);
    assertThat(node.pods().stream().filter(pod -> pod.egress().isPresent())).hasSize(1);
  }

  private NodePolicy apply(Change... changes) {
    return engine.apply(Changes.of(changes)).forNode("n1");
  }

  private static <T> T only(Map<String, T> map) {
    assertThat(map).hasSize(1);
    return map.values().iterator().next();
  }

  private static List<String> ranges(Group group) {
    return group.spans().stream()
        .flatMap(span -> span.ranges().stream().map(Object::toString))
        .toList();
  }

  private static Node node(String podCidr) {
    return new Node("far", Map.of(), List.of(), List.of(Cidr.of(podCidr)));
  }

  private static Change denyFromEverybody() {
    Peer all =
        new Peer.Pods(new NamespaceScope.Matching(LabelSelector.EVERYTHING), Optional.empty());
    Rule rule = new Rule(new Peers.OneOf(List.of(all)), new Ports.Any());
    return new Change.ClusterPolicySet(
        new ClusterPolicy(
            Tier.BASELINE,
            1,
            "clusternetworkpolicy",
            "deny",
            new ClusterPolicy.Subject(LabelSelector.EVERYTHING, LabelSelector.EVERYTHING),
            List.of(new ClusterPolicy.TierRule(Action.DENY, rule)),
            List.of()));
  }

  private static Rule fromApp(String app, int port) {
    Peer peer = new Peer.Pods(new NamespaceScope.PolicyNamespace(), Optional.of(app(app)));
    return new Rule(
        new Peers.OneOf(List.of(peer)),
        new Ports.OneOf(List.of(new PortItem.Numbers(Protocol.TCP, PortRange.only(port)))));
  }

  private static LabelSelector app(String app) {
    return LabelSelector.labels(Map.of("app", app));
  }

  private static Change policy(String name, String subject, Direction direction, Rule rule) {
    List<Rule> rules = List.of(rule);
    return new Change.PolicySet(
        new NetworkPolicy(
            new ObjectName("shop", name),
            "",
            0,
            app(subject),
            Set.of(direction),
            direction == Direction.INGRESS ? rules : List.of(),
            direction == Direction.EGRESS ? rules : List.of()));
  }

  /// Lets its subjects open nothing.
  private static Change policy(String name, LabelSelector subject) {
    return new Change.PolicySet(
        new NetworkPolicy(
            new ObjectName("shop", name),
            "",
            0,
            subject,
            Set.of(Direction.EGRESS),
            List.of(),
            List.of()));
  }

  private static Change.PodSet pod(String name, String address, Map<String, String> labels) {
    return new Change.PodSet(
        new Pod(
            new ObjectName("shop", name),
            "",
            labels,
            Optional.of("n1"),
            false,
            PodAddresses.of(Address.of(address)),
            Phase.RUNNING,
            Optional.empty(),
            List.of(),
            new Workload("shop", "Pod", name)));
  }
}
