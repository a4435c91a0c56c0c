package dev.ringfence.core.compiled;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.manifest.Admission;
import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.core.manifest.Manifests;
import dev.ringfence.core.manifest.SourceText;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Port names that nobody declares who would have to.
final class UndeclaredNamesTest {
  private static final String PODS =
      """
      {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
      ---
      {apiVersion: v1, kind: Namespace, metadata: {name: ops}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: c, image: i, ports: [{name: web, containerPort: 80}]}]}
      status: {podIPs: [{ip: 10.1.0.1}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: ops, labels: {app: db}}
      spec: {containers: [{name: c, image: i, ports: [{name: sql, containerPort: 54}]}]}
      status: {podIPs: [{ip: 10.1.0.2}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: p, namespace: shop}
      spec:
      """;

  private static List<String> undeclared(String spec) {
    String text = PODS + spec.indent(2);
    SourceText source =
        new SourceText("a", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    Loaded loaded = Manifests.read(List.of(source), Admission.WRITTEN);
    assertThat(loaded.refused()).as(loaded.problems().toString()).isFalse();
    CompiledPolicy compiled = PolicyEngine.compile(loaded.policies(), loaded.snapshot());
    List<String> out = new ArrayList<>();
    compiled
        .undeclared(loaded.policies().network().getFirst())
        .forEach(one -> out.add(one.sentence()));
    return out;
  }

  @Test
  void ingressAsksTheSubjects() {
    assertThat(
            undeclared(
                "{podSelector: {}, ingress: [{ports: [{port: web}, {port: sql}, {port: 7}]}]}"))
        .containsExactly(
            "spec.ingress[0].ports[1].port: none of the pods that spec.podSelector selects declares a"
                + " TCP port named \"sql\", so this item matches nothing");
  }

  /// S64.
  @Test
  void theProtocolCounts() {
    assertThat(
            undeclared("{podSelector: {}, ingress: [{ports: [{port: web, protocol: UDP}]}]}")
                .toString())
        .contains("UDP port named \"web\"");
  }

  /// S62.
  @Test
  void egressAsksThePeersWhereverTheyAre() {
    String sql = "ports: [{port: sql}]";
    String everywhere = "{podSelector: {}, policyTypes: [Egress], egress: [{%s}]}";
    assertThat(undeclared(everywhere.formatted(sql))).isEmpty();
    assertThat(undeclared(everywhere.formatted(sql + ", to: [{namespaceSelector: {}}]"))).isEmpty();
    assertThat(undeclared(everywhere.formatted(sql + ", to: [{podSelector: {}}]")).toString())
        .contains("none of the pods that spec.egress[0] is about");
    assertThat(undeclared(everywhere.formatted("ports: [{port: nope}]")).toString())
        .contains(".port: no pod declares");
  }

  /// S63.
  @Test
  void blocksAskThePodsInside() {
    String egress =
        "{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: sql}], to: %s}]}";
    assertThat(undeclared(egress.formatted("[{ipBlock: {cidr: 10.1.0.0/16}}]"))).isEmpty();
    assertThat(undeclared(egress.formatted("[{ipBlock: {cidr: 10.2.0.0/16}}]")).toString())
        .contains("no pod in the ipBlocks of spec.egress[0] declares");
  }

  @Test
  void whereThereIsNobodyYetNothingIsSaid() {
    assertThat(
            undeclared(
                "{podSelector: {matchLabels: {app: none}}, ingress: [{ports: [{port: nope}]}]}"))
        .isEmpty();
    assertThat(
            undeclared(
                """
                {podSelector: {}, policyTypes: [Egress],
                 egress: [{ports: [{port: nope}], to: [{podSelector: {matchLabels: {app: none}}}]}]}
                """))
        .isEmpty();
  }

  /// S13.
  @Test
  void inertRulesAreNotLookedAt() {
    assertThat(
            undeclared(
                "{podSelector: {}, policyTypes: [Egress], ingress: [{ports: [{port: nope}]}]}"))
        .isEmpty();
  }
}
