package dev.ringfence.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.lab.netns.Instance;
import dev.ringfence.lab.netns.Leftovers;
import dev.ringfence.lab.netns.PodNetwork;
import dev.ringfence.lab.scenario.Assigned;
import dev.ringfence.lab.scenario.Probe;
import dev.ringfence.lab.scenario.Scenario;
import dev.ringfence.report.LabReport;
import dev.ringfence.report.LabStatus;
import dev.ringfence.report.ProbeReport;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Real packets through Services: judged at the pod and the port that they lead to (S105).
@ExtendWith(Privileged.class)
final class ServicesTest {
  private static final Instance INSTANCE = new Instance("svctest");

  /// The port `http` is another number on each version; only the first may be reached by `web`.
  private static final String MANIFESTS =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: api-v1, namespace: shop}
      spec:
        replicas: 2
        selector: {matchLabels: {app: api, version: v1}}
        template:
          metadata: {labels: {app: api, version: v1}}
          spec: {containers: [{name: api, image: x, ports: [{name: http, containerPort: 8081}]}]}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: api-v2, namespace: shop}
      spec:
        selector: {matchLabels: {app: api, version: v2}}
        template:
          metadata: {labels: {app: api, version: v2}}
          spec: {containers: [{name: api, image: x, ports: [{name: http, containerPort: 8085}]}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: api, namespace: shop}
      spec:
        type: NodePort
        selector: {app: api}
        ports: [{name: web, port: 80, targetPort: http, nodePort: 30080}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: local, namespace: shop}
      spec:
        type: NodePort
        externalTrafficPolicy: Local
        selector: {app: api, version: v2}
        ports: [{port: 81, targetPort: 8085}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: empty, namespace: shop}
      spec: {selector: {app: nobody}, ports: [{port: 80}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: pods, namespace: shop}
      spec: {clusterIP: None, selector: {app: api}, ports: [{port: 80}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: web, image: x}]}
      ---
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: exporter, namespace: ops}
      spec:
        selector: {matchLabels: {app: exporter}}
        template:
          metadata: {labels: {app: exporter}}
          spec:
            hostNetwork: true
            containers: [{name: exporter, image: x, ports: [{containerPort: 9100}]}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: exporter, namespace: ops}
      spec: {selector: {app: exporter}, ports: [{port: 80, targetPort: 9100}]}
      """;

  private static final String ONLY_V1 =
      """
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: v1, namespace: shop}
      spec:
        podSelector: {matchLabels: {version: v1}}
        ingress:
          - from: [{podSelector: {matchLabels: {app: web}}}]
            ports: [{port: http}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: v2, namespace: shop}
      spec:
        podSelector: {matchLabels: {version: v2}}
        ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: web}}
        policyTypes: [Egress]
        egress: [{to: [{podSelector: {}}]}]
      """;

  @AfterEach
  void nothingIsLeft() throws IOException {
    assertThat(Leftovers.any(INSTANCE)).isFalse();
  }

  private static Lab up(Scenario scenario, PodNetwork network) throws Exception {
    return Lab.up(INSTANCE, scenario, new LabOptions(true, 0, network), step -> {});
  }

  private static List<ProbeReport.Probe> probed(Lab lab) throws Exception {
    LabReport report = lab.probe(Probe.all(lab.scenario()), step -> {});
    assertThat(report.probes().probes())
        .filteredOn(one -> !one.answer().equals(one.packet()))
        .isEmpty();
    return report.probes().probes();
  }

  /// `backend:port` of every probe from there to there that arrived.
  private static Set<String> reached(List<ProbeReport.Probe> probes, String from, String to) {
    return probes.stream()
        .filter(one -> one.from().equals(from) && one.to().equals(to))
        .filter(one -> "allowed".equals(one.packet()))
        .map(one -> one.backend() + ":" + one.targetPort())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @EnumSource
  void packetsThroughServicesAreJudgedWhereTheyGo(PodNetwork network) throws Exception {
    try (Lab lab = up(Worlds.scenario(MANIFESTS, Assigned.NOTHING), network)) {
      String v11 = "shop/pod/api-v1-1:8081";
      String v12 = "shop/pod/api-v1-2:8081";
      String v2 = "shop/pod/api-v2-1:8085";
      assertThat(lab.status("", List.of()).nodes()).allMatch(node -> node.unguarded() == 0);
      List<ProbeReport.Probe> open = probed(lab);
      assertThat(open).allMatch(one -> "allowed".equals(one.packet()));
      assertThat(reached(open, "shop/pod/web", "shop/service/api")).containsOnly(v11, v12, v2);
      assertThat(reached(open, "shop/pod/api-v1-1", "shop/service/api"))
          .as("itself as well")
          .containsOnly(v11, v12, v2);
      assertThat(reached(open, "outside", "shop/service/api")).containsOnly(v11, v12, v2);
      assertThat(reached(open, "shop/pod/web", "ops/service/exporter")).hasSize(2);

      lab.apply(Worlds.scenario(MANIFESTS + ONLY_V1, lab.scenario().assigned()));
      List<ProbeReport.Probe> judged = probed(lab);
      assertThat(reached(judged, "shop/pod/web", "shop/service/api")).containsOnly(v11, v12);
      assertThat(reached(judged, "shop/pod/api-v1-1", "shop/service/api")).isEmpty();
      assertThat(reached(judged, "shop/pod/web", "ops/service/exporter")).isEmpty();
      assertThat(reached(judged, "outside", "shop/service/local"))
          .as("keeps its source, IPv4 alone may")
          .containsOnly(v2);
      assertThat(nodes(judged, "shop/service/local")).hasSize(1);
      // By the node of the pod the source is still the client; by the other it is that node.
      assertThat(nodes(judged, "shop/service/api")).hasSize(1);
    }
  }

  @Test
  void whatSomebodyTookFromTheServicesComesBack() throws Exception {
    try (Lab lab = up(Worlds.scenario(MANIFESTS, Assigned.NOTHING), PodNetwork.ROUTED)) {
      assertThat(lab.repair()).isZero();
      String node = INSTANCE.node("node-1");
      for (String damage :
          List.of("delete table inet rf-services", "flush table inet rf-services")) {
        Process nft =
            new ProcessBuilder("ip", "netns", "exec", node, "nft", damage).inheritIO().start();
        assertThat(nft.waitFor()).isZero();
        assertThat(lab.repair()).as(damage).isEqualTo(1);
        assertThat(lab.repair()).as("again").isZero();
      }
      assertThat(probed(lab)).allMatch(one -> "allowed".equals(one.packet()));
    }
  }

  @Test
  void statusTellsWhereServicesLead() throws Exception {
    try (Lab lab = up(Worlds.scenario(MANIFESTS, Assigned.NOTHING), PodNetwork.BRIDGE)) {
      LabStatus status = lab.status("", List.of());
      assertThat(status.network()).isEqualTo("bridge");
      assertThat(status.services())
          .filteredOn(one -> one.id().equals("shop/service/api"))
          .singleElement()
          .satisfies(one -> {
            assertThat(one.type()).isEqualTo("NodePort");
            assertThat(one.addresses()).hasSize(2);
            assertThat(one.ports()).containsExactly("80/TCP");
            assertThat(one.nodePorts()).containsExactly("30080/TCP");
            assertThat(one.backends())
                .containsExactly(
                    "shop/pod/api-v1-1:8081", "shop/pod/api-v1-2:8081", "shop/pod/api-v2-1:8085");
          });
      assertThat(status.services())
          .filteredOn(one -> one.id().equals("shop/service/pods"))
          .singleElement()
          .satisfies(one -> assertThat(one.type()).isEqualTo("headless"));
    }
  }

  /// By which nodes' ports the Service was reached from outside.
  private static Set<String> nodes(List<ProbeReport.Probe> probes, String service) {
    return probes.stream()
        .filter(one -> one.from().equals("outside"))
        .filter(one -> one.to().equals(service) && "allowed".equals(one.packet()))
        .filter(one -> one.node() != null)
        .map(one -> String.valueOf(one.node()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @EnumSource
  void conversationsGoThroughServices(PodNetwork network) throws Exception {
    try (Lab lab = up(Worlds.scenario(MANIFESTS, Assigned.NOTHING), network)) {
      for (String from : List.of("shop/web", "node/node-1", "shop/api-v2-1")) {
        assertThat(Dialling.answers(lab, from, address(lab, "shop/service/api"), 80))
            .as(from)
            .contains("shop/api-v1-1\n", "shop/api-v1-2\n", "shop/api-v2-1\n");
      }
      InetAddress node =
          InetAddress.getByAddress(
              lab.scenario()
                  .snapshot()
                  .nodes()
                  .values()
                  .iterator()
                  .next()
                  .addresses()
                  .getFirst()
                  .bytes());
      assertThat(Dialling.answers(lab, "outside", node, 30_080)).hasSize(3);
    }
  }

  @Test
  void whatLeadsNowhereIsRejected() throws Exception {
    try (Lab lab = up(Worlds.scenario(MANIFESTS, Assigned.NOTHING), PodNetwork.ROUTED)) {
      assertThat(Dialling.answers(lab, "shop/web", address(lab, "shop/service/empty"), 80))
          .containsOnly("refused");
      assertThat(Dialling.answers(lab, "shop/web", address(lab, "shop/service/api"), 443))
          .containsOnly("refused");
      Process hosts =
          new ProcessBuilder(
                  "ip", "netns", "exec", lab.namespaceOf("shop/web"), "getent", "ahosts", "pods")
              .start();
      String said = new String(hosts.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(said.lines().map(line -> line.substring(0, line.indexOf(' '))).distinct())
          .hasSize(6);
    }
  }

  private static InetAddress address(Lab lab, String service) throws IOException {
    return InetAddress.getByAddress(
        lab.scenario().snapshot().services().values().stream()
            .filter(one -> one.id().equals(service))
            .findFirst()
            .orElseThrow()
            .clusterIps()
            .getFirst()
            .bytes());
  }
}
