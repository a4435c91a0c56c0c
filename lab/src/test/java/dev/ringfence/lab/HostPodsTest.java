package dev.ringfence.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.model.Family;
import dev.ringfence.lab.netns.Inside;
import dev.ringfence.lab.netns.Instance;
import dev.ringfence.lab.netns.Leftovers;
import dev.ringfence.lab.netns.PodNetwork;
import dev.ringfence.lab.scenario.Assigned;
import dev.ringfence.lab.scenario.End;
import dev.ringfence.lab.scenario.EndNames;
import dev.ringfence.lab.scenario.Probe;
import dev.ringfence.report.LabReport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Pods on their node's network are their node to every policy (S95 to S101), with real packets.
@ExtendWith(Privileged.class)
final class HostPodsTest {
  private static final Instance INSTANCE = new Instance("hosttest");

  /// Both nodes have an agent on the node's network; the pods are on node-1.
  private static final String MANIFESTS =
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent, namespace: ops}
      spec:
        selector: {matchLabels: {app: agent}}
        template:
          metadata: {labels: {app: agent}}
          spec:
            hostNetwork: true
            containers: [{name: agent, image: x, ports: [{name: metrics, containerPort: 9100}]}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: closed, namespace: shop, labels: {app: closed}}
      spec: {nodeName: node-1, containers: [{name: c, image: x, ports: [{containerPort: 80}]}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: open, namespace: shop, labels: {app: open}}
      spec: {nodeName: node-1, containers: [{name: c, image: x, ports: [{containerPort: 80}]}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: closed, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: closed}}
        policyTypes: [Ingress, Egress]
        ingress: [{from: [{namespaceSelector: {}}]}]
        egress:
          - to: [{namespaceSelector: {}}]
          - to: [{ipBlock: {cidr: 192.168.77.1/32}}]
            ports: [{port: 9100}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: selects-nobody, namespace: ops}
      spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
      """;

  @AfterEach
  void nothingIsLeft() throws IOException {
    assertThat(Leftovers.any(INSTANCE)).isFalse();
  }

  private static Set<String> passed(LabReport report, String from, String to) {
    return report.probes().probes().stream()
        .filter(one -> one.from().equals(from) && one.to().equals(to))
        .filter(one -> "allowed".equals(one.packet()))
        .map(one -> one.port() + "/" + one.protocol() + " " + one.family())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @EnumSource
  void nodesAreJudgedAsNodes(PodNetwork network) throws Exception {
    try (Lab lab =
        Lab.up(
            INSTANCE,
            Worlds.scenario(MANIFESTS, Assigned.NOTHING),
            new LabOptions(true, 0, network),
            step -> {})) {
      LabReport report = lab.probe(Probe.all(lab.scenario()), step -> {});
      assertThat(report.probes().probes())
          .filteredOn(one -> !one.answer().equals(one.packet()))
          .isEmpty();
      String own = "ops/pod/agent-node-1";
      String other = "ops/pod/agent-node-2";
      String closed = "shop/pod/closed";
      assertThat(passed(report, own, closed)).as("S95").hasSize(8);
      assertThat(passed(report, other, closed)).as("S96, and no peer is a node (S33)").isEmpty();
      assertThat(passed(report, closed, own))
          .as("S98: judged, and an ipBlock of the node's address lets it pass")
          .containsExactly("9100/TCP IPv4");
      assertThat(passed(report, closed, other)).isEmpty();
      assertThat(passed(report, "shop/pod/open", own)).as("never a subject (S101)").hasSize(8);
      assertThat(passed(report, "shop/pod/open", other)).hasSize(8);
      assertThat(report.probes().probes())
          .as("two nodes are nobody's matter (S3)")
          .noneMatch(one -> one.from().equals(own) && one.to().equals(other));
    }
  }

  @Test
  void ofTwoThatWantAPortTheFirstHasIt() throws Exception {
    String second =
        """
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: proxy, namespace: ops}
        spec:
          nodeName: node-2
          hostNetwork: true
          containers: [{name: p, image: x, ports: [{containerPort: 9100}, {containerPort: 9101}]}]
        """;
    try (Lab lab =
        Lab.up(
            INSTANCE,
            Worlds.scenario(MANIFESTS + second, Assigned.NOTHING),
            LabOptions.STANDARD,
            step -> {})) {
      assertThat(lab.scenario().hostPods())
          .extracting(End.OfHostPod::id)
          .containsExactly("ops/pod/agent-node-1", "ops/pod/agent-node-2", "ops/pod/proxy");
      LabReport report = lab.probe(Probe.all(lab.scenario()), step -> {});
      assertThat(report.probes().different()).isZero();
      assertThat(report.notProbed())
          .containsExactly(
              "ops/pod/proxy: its port 9100/TCP on node-2 is taken by ops/pod/agent-node-2");
      assertThat(passed(report, "shop/pod/open", "ops/pod/proxy"))
          .extracting(port -> port.substring(0, port.indexOf('/')))
          .contains("9101")
          .doesNotContain("9100");
      // Whoever held the port lets it go, and the other has it.
      lab.apply(Worlds.scenario(MANIFESTS.replace("9100", "9200") + second, Assigned.NOTHING));
      LabReport later = lab.probe(Probe.all(lab.scenario()), step -> {});
      assertThat(later.probes().different()).isZero();
      assertThat(later.notProbed()).isEmpty();
      assertThat(answer(lab, "ops/pod/proxy", 9100)).isEqualTo("ops/proxy\n");
    }
  }

  /// Who answers a client in the pod `open`.
  private static String answer(Lab lab, String to, int port) throws Exception {
    byte[] address =
        new EndNames(lab.scenario()).first(to).address(Family.IPV4).orElseThrow().bytes();
    return Inside.call(
        lab.namespaceOf("shop/pod/open"),
        () -> {
          try (Socket socket = new Socket()) {
            socket.setSoTimeout(5_000);
            socket.connect(new InetSocketAddress(InetAddress.getByAddress(address), port), 5_000);
            byte[] bytes = new byte[100];
            int length = socket.getInputStream().read(bytes);
            return new String(bytes, 0, length, StandardCharsets.US_ASCII);
          }
        });
  }
}
