package dev.ringfence.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.cluster.Service;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.lab.netns.Instance;
import dev.ringfence.lab.netns.Leftovers;
import dev.ringfence.lab.netns.PodNetwork;
import dev.ringfence.lab.scenario.Assigned;
import dev.ringfence.lab.scenario.Probe;
import dev.ringfence.report.ProbeReport;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Services entered from inside by every door, with real packets: each end is judged by what its
/// own node sees of the connection (S97, S105, S108).
@ExtendWith(Privileged.class)
final class NodePortsTest {
  private static final Instance INSTANCE = new Instance("nodeports");

  /// One backend on each node; `near` and `block` are on the first, `far` is on the second.
  private static final String MANIFESTS =
      pod("near", "node-1")
          + pod("block", "node-1")
          + pod("far", "node-2")
          + backend("api-1", "node-1")
          + backend("api-2", "node-2")
          + service(
              "api",
              "api",
              "type: NodePort",
              "{name: w, port: 80, targetPort: http, nodePort: 30080}")
          + service(
              "sctp",
              "api",
              "type: NodePort",
              "{port: 9, targetPort: 9000, protocol: SCTP, nodePort: 30090}")
          + service(
              "udp",
              "api",
              "type: NodePort",
              "{port: 7, targetPort: 7000, protocol: UDP, nodePort: 30070}")
          + service(
              "local",
              "api",
              "type: NodePort, externalTrafficPolicy: Local",
              "{port: 80, targetPort: 8080, nodePort: 30081}")
          + service("inside", "api", "internalTrafficPolicy: Local", "{port: 80, targetPort: 8080}")
          + service("sticky", "api", "sessionAffinity: ClientIP", "{port: 80, targetPort: 8080}")
          + service(
              "there", "api-2", "internalTrafficPolicy: Local", "{port: 80, targetPort: 8080}")
          + service("empty", "nobody", "type: NodePort", "{port: 80, nodePort: 30083}")
          + """
          ---
          apiVersion: v1
          kind: Pod
          metadata: {name: agent, namespace: ops}
          spec: {nodeName: node-1, hostNetwork: true, containers: [{name: c, image: x}]}
          """;

  private static final String POLICIES =
      """
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: near, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: near}}
        policyTypes: [Egress]
        egress: [{to: [{podSelector: {}}]}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: block, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: block}}
        policyTypes: [Egress]
        egress: [{to: [{ipBlock: {cidr: 192.168.77.2/32}}], ports: [{port: 30080}]}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: api, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: api}}
        ingress: [{from: [{podSelector: {}}]}]
      """;

  private static String pod(String name, String node) {
    return """
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: %1$s, namespace: shop, labels: {app: %1$s}}
    spec: {nodeName: %2$s, containers: [{name: c, image: x}]}
    """
        .formatted(name, node);
  }

  private static String backend(String name, String node) {
    return """
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: %1$s, namespace: shop, labels: {app: api, is: %1$s}}
    spec:
      nodeName: %2$s
      containers:
        - name: c
          image: x
          ports:
            - {name: http, containerPort: 8080}
            - {containerPort: 9000, protocol: SCTP}
            - {containerPort: 7000, protocol: UDP}
    """
        .formatted(name, node);
  }

  private static String service(String name, String backends, String how, String port) {
    return """
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: %s, namespace: shop}
    spec: {selector: {%s: %s}, %s, ports: [%s]}
    """
        .formatted(name, backends.equals("api-2") ? "is" : "app", backends, how, port);
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    assertThat(Leftovers.any(INSTANCE)).isFalse();
  }

  private static Lab up(String manifests, PodNetwork network) throws Exception {
    return Lab.up(
        INSTANCE,
        Worlds.scenario(manifests, Assigned.NOTHING),
        new LabOptions(true, 0, network),
        step -> {});
  }

  private static List<ProbeReport.Probe> probed(Lab lab) throws Exception {
    List<ProbeReport.Probe> probes =
        lab.probe(Probe.all(lab.scenario()), step -> {}).probes().probes();
    assertThat(probes).filteredOn(one -> !one.answer().equals(one.packet())).isEmpty();
    return probes;
  }

  /// Backends that pods of this name reached over IPv4 by a node's port, or by the Service's own
  /// address where the node is empty.
  private static Set<String> reached(
      List<ProbeReport.Probe> probes, String from, String service, String node) {
    return probes.stream()
        .filter(one -> one.from().equals(from) && one.to().equals("shop/service/" + service))
        .filter(one -> one.family().equals("IPv4") && "allowed".equals(one.packet()))
        .filter(one -> Objects.requireNonNullElse(one.node(), "").equals(node))
        .map(one -> String.valueOf(one.backend()).replace("shop/pod/", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @EnumSource
  void eachEndIsJudgedByWhatItsNodeSees(PodNetwork network) throws Exception {
    try (Lab lab = up(MANIFESTS + POLICIES, network)) {
      List<ProbeReport.Probe> probes = probed(lab);
      for (String service : List.of("api", "sctp", "udp")) {
        // Its own node translates at once; what goes on to the other comes from that node.
        assertThat(reached(probes, "shop/pod/near", service, "node-1")).containsExactly("api-1");
        // Another node's port is a node to its egress rules.
        assertThat(reached(probes, "shop/pod/near", service, "node-2")).isEmpty();
        assertThat(reached(probes, "shop/pod/far", service, "node-1")).containsExactly("api-1");
        assertThat(reached(probes, "shop/pod/far", service, "node-2")).containsExactly("api-2");
        assertThat(reached(probes, "shop/pod/far", service, "")).containsExactly("api-1", "api-2");
        assertThat(reached(probes, "shop/pod/api-1", service, "node-2"))
            .as("to itself by another node it comes from that node")
            .containsExactly("api-2");
        assertThat(reached(probes, "shop/pod/api-1", service, "node-1"))
            .as("to itself by its own node it comes from itself")
            .containsExactly("api-1");
        assertThat(reached(probes, "ops/pod/agent", service, "node-1"))
            .as("a node reaches its own pods")
            .containsExactly("api-1");
      }
      assertThat(reached(probes, "shop/pod/block", "api", "node-1")).isEmpty();
      assertThat(reached(probes, "shop/pod/block", "api", "node-2")).containsExactly("api-2");
      assertThat(reached(probes, "shop/pod/block", "udp", "node-2")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void localStaysOnItsNodeAndStickyStaysWithItsBackend(PodNetwork network) throws Exception {
    try (Lab lab = up(MANIFESTS + POLICIES, network)) {
      List<ProbeReport.Probe> probes = probed(lab);
      assertThat(reached(probes, "shop/pod/far", "local", "node-1")).containsExactly("api-1");
      assertThat(reached(probes, "shop/pod/far", "local", "node-2"))
          .as("its own node takes it for inside traffic, which no external policy is about")
          .containsExactly("api-1", "api-2");
      assertThat(reached(probes, "shop/pod/near", "inside", "")).containsExactly("api-1");
      assertThat(reached(probes, "shop/pod/far", "inside", "")).containsExactly("api-2");
      assertThat(reached(probes, "shop/pod/far", "there", "")).containsExactly("api-2");
      assertThat(reached(probes, "shop/pod/near", "there", "")).isEmpty();
      assertThat(reached(probes, "shop/pod/far", "sticky", "")).hasSize(1);
    }
  }

  @Test
  void conversationsGoTheSameWays() throws Exception {
    try (Lab lab = up(MANIFESTS, PodNetwork.ROUTED)) {
      String both = "[shop/api-1\n, shop/api-2\n]";
      for (Family family : Family.values()) {
        for (String node : List.of("node-1", "node-2")) {
          InetAddress at = node(lab, node, family);
          for (String from : List.of("shop/near", "ops/agent", "outside", "shop/api-1")) {
            assertThat(Dialling.answers(lab, from, at, 30_080)).as(from).hasToString(both);
          }
          assertThat(Dialling.answers(lab, "shop/near", at, 30_083)).containsExactly("refused");
        }
        assertThat(Dialling.answers(lab, "outside", node(lab, "node-2", family), 30_081))
            .containsExactly("shop/api-2\n");
        assertThat(Dialling.answers(lab, "shop/near", own(lab, "there", family), 80))
            .as("nobody there on its node")
            .containsExactly("silent");
        assertThat(Dialling.answers(lab, "shop/far", own(lab, "there", family), 80))
            .containsExactly("shop/api-2\n");
        Set<String> sticky = Dialling.answers(lab, "shop/near", own(lab, "sticky", family), 80);
        assertThat(sticky).hasSize(1);
      }
    }
  }

  private static InetAddress node(Lab lab, String name, Family family) throws IOException {
    return inet(
        Objects.requireNonNull(lab.scenario().snapshot().nodes().get(name)).addresses(), family);
  }

  private static InetAddress own(Lab lab, String name, Family family) throws IOException {
    Service service =
        Objects.requireNonNull(
            lab.scenario().snapshot().services().get(new ObjectName("shop", name)));
    return inet(service.clusterIps(), family);
  }

  private static InetAddress inet(List<Address> all, Family family) throws IOException {
    return InetAddress.getByAddress(
        all.stream().filter(one -> one.family() == family).findFirst().orElseThrow().bytes());
  }
}
