package dev.ringfence.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.LabelSelector;
import dev.ringfence.core.model.NamespaceScope;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.Peer;
import dev.ringfence.core.model.Peers;
import dev.ringfence.core.model.PortItem;
import dev.ringfence.core.model.PortRange;
import dev.ringfence.core.model.Ports;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.core.model.Requirement;
import dev.ringfence.core.model.Rule;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a policy means once read: defaults, and absent against empty (sections 1.3 and 1.4).
class PolicyReadingTest {
  private static final String HEAD =
      "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\n";

  private static Loaded load(String spec, Admission admission) {
    return Manifests.read(List.of(SourceText.of("in.yaml", HEAD + spec)), admission);
  }

  private static NetworkPolicy policy(String spec) {
    Loaded loaded = load(spec, Admission.WRITTEN);
    assertThat(loaded.problems().stream().filter(Problem::isError)).isEmpty();
    return loaded.policies().network().getFirst();
  }

  private static Rule rule(String ingressRule) {
    return policy("spec: {ingress: [" + ingressRule + "]}").ingress().getFirst();
  }

  /// S2, S14.
  @Test
  void noSpecSelectsEveryPodForIngress() {
    NetworkPolicy policy = policy("");
    assertThat(policy.subject()).isEqualTo(LabelSelector.EVERYTHING);
    assertThat(policy.types()).containsExactly(Direction.INGRESS);
    assertThat(policy.ingress()).isEmpty();
  }

  /// S14 to S17.
  @Test
  void typesAreDefaultedFromEgressAlone() {
    assertThat(policy("spec: {egress: [{}]}").types())
        .containsExactlyInAnyOrder(Direction.INGRESS, Direction.EGRESS);
    assertThat(policy("spec: {egress: [], policyTypes: []}").types())
        .containsExactly(Direction.INGRESS);
    assertThat(policy("spec: {policyTypes: [Egress, Egress]}").types())
        .containsExactly(Direction.EGRESS);
  }

  /// S19, S20.
  @Test
  void absentAndEmptyListsMeanEverythingOnlyInsideARule() {
    assertThat(policy("spec: {ingress: []}").ingress()).isEmpty();
    assertThat(policy("spec:\n  ingress:\n  -\n").ingress()).containsExactly(Rule.EVERYTHING);
    assertThat(rule("{from: [], ports: []}")).isEqualTo(Rule.EVERYTHING);
    assertThat(rule("{from: null, ports: }")).isEqualTo(Rule.EVERYTHING);
  }

  /// S19, S56.
  @Test
  void anEmptyPortIsEveryTcpPort() {
    PortItem everyTcp = new PortItem.Every(Protocol.TCP);
    assertThat(rule("{ports: [{}]}").ports()).isEqualTo(new Ports.OneOf(List.of(everyTcp)));
    assertThat(rule("{ports: [null]}").ports()).isEqualTo(new Ports.OneOf(List.of(everyTcp)));
    assertThat(rule("{ports: [{port: }]}").ports()).isEqualTo(new Ports.OneOf(List.of(everyTcp)));
  }

  /// S53.
  @Test
  void portsAreNumbersRangesOrNames() {
    assertThat(
            rule("{ports: [{port: 80}, {port: 1, endPort: 9, protocol: UDP}, {port: http}]}")
                .ports())
        .isEqualTo(
            new Ports.OneOf(
                List.of(
                    new PortItem.Numbers(Protocol.TCP, PortRange.only(80)),
                    new PortItem.Numbers(Protocol.UDP, new PortRange(1, 9)),
                    new PortItem.Named(Protocol.TCP, "http"))));
  }

  /// S19.
  @Test
  void absentAndEmptyNamespaceSelectorsDiffer() {
    Peer own =
        new Peer.Pods(new NamespaceScope.PolicyNamespace(), Optional.of(LabelSelector.EVERYTHING));
    Peer all =
        new Peer.Pods(new NamespaceScope.Matching(LabelSelector.EVERYTHING), Optional.empty());
    assertThat(rule("{from: [{podSelector: {}}, {namespaceSelector: {}}]}").peers())
        .isEqualTo(new Peers.OneOf(List.of(own, all)));
    assertThat(rule("{from: [{podSelector: {}, namespaceSelector: }]}").peers())
        .isEqualTo(new Peers.OneOf(List.of(own)));
  }

  /// S20.
  @Test
  void nullInAMapIsTheEmptyString() {
    assertThat(policy("spec: {podSelector: {matchLabels: {app: null}}}").subject())
        .isEqualTo(new LabelSelector(List.of(new Requirement.Equal("app", ""))));
  }

  /// S176.
  @Test
  void mergeKeysAreSpreadAndMayBeOverridden() {
    NetworkPolicy policy =
        policy(
            """
            spec:
              podSelector:
                matchLabels: &base {app: crane, tier: core}
              ingress:
              - from:
                - podSelector:
                    matchLabels:
                      <<: *base
                      tier: edge
            """);
    Peers peers = policy.ingress().getFirst().peers();
    assertThat(peers.toString())
        .contains("value=crane")
        .contains("value=edge")
        .doesNotContain("core");
  }

  /// S30, S40.
  @Test
  void aStoredPolicyIsReadAsFarAsItGoes() {
    String spec =
        """
        spec:
          podSelector: {matchLabels: {app: "no label!"}}
          ingress:
          - from:
            - ipBlock: {cidr: 010.0.0.0/8, except: ["::ffff:10.1.0.0/112"]}
            - ipBlock: {cidr: nonsense}
            - ipBlock: {cidr: 10.0.0.0/8, except: [nonsense]}
            - podSelector: {matchExpressions: [{key: a, operator: near, values: [b]}]}
            ports:
            - port: 0
            - protocol: ICMP
        """;
    assertThat(load(spec, Admission.WRITTEN).refused()).isTrue();
    Loaded loaded = load(spec, Admission.STORED);
    assertThat(loaded.refused()).isFalse();
    Rule rule = loaded.policies().network().getFirst().ingress().getFirst();
    List<Peer> peers = ((Peers.OneOf) rule.peers()).items();
    assertThat(peers.getFirst().toString()).contains("10.0.0.0/8").contains("10.1.0.0/16");
    assertThat(peers.subList(1, 4)).allMatch(peer -> peer instanceof Peer.Unreadable);
    assertThat(((Ports.OneOf) rule.ports()).items())
        .allMatch(port -> port instanceof PortItem.Unreadable);
  }

  /// S30.
  @Test
  void aStoredSubjectThatCannotBeReadRefuses() {
    String spec = "spec: {podSelector: {matchExpressions: [{key: a, operator: In}]}}\n";
    Loaded loaded = load(spec, Admission.STORED);
    assertThat(loaded.refused()).isTrue();
    assertThat(loaded.policies().network()).isEmpty();
  }
}
