package dev.ringfence.lab.scenario;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringfence.core.cluster.ContainerPort;
import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.OutsideHost;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.Policies;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.lab.Worlds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Who gets which node and which addresses.
final class ScenarioTest {
  private static final OutsideHost PAYMENTS =
      new OutsideHost(
          "payments.example",
          List.of(Address.of("203.0.113.10")),
          List.of(new ContainerPort(Optional.empty(), Protocol.TCP, 443)));

  private static Scenario of(Assigned remembered, Pod... pods) {
    return Scenario.of(Worlds.snapshot(pods), Policies.NONE, List.of(), 2, remembered);
  }

  private static Map<String, String> places(Scenario scenario) {
    return scenario.pods().stream()
        .collect(
            Collectors.toMap(End.OfPod::id, pod -> pod.pod().node().orElse("") + pod.addresses()));
  }

  private static Pod[] pods(String workload, int count) {
    Pod[] out = new Pod[count];
    for (int i = 0; i < count; i++) {
      out[i] = Worlds.pod("shop", workload, i + 1, 80);
    }
    return out;
  }

  @Test
  void everyPodGetsANodeAndBothFamiliesFromItsRanges() {
    Scenario scenario = of(Assigned.NOTHING, pods("web", 40));
    assertThat(scenario.pods()).hasSize(40);
    for (End.OfPod pod : scenario.pods()) {
      Node node = requireNonNull(scenario.snapshot().nodes().get(pod.pod().node().orElseThrow()));
      assertThat(pod.addresses()).extracting(Address::family).containsExactly(Family.values());
      assertThat(pod.addresses())
          .allMatch(address -> node.podCidrs().stream().anyMatch(cidr -> cidr.contains(address)));
    }
    assertThat(scenario.pods().stream().flatMap(pod -> pod.addresses().stream()).distinct())
        .hasSize(80);
  }

  @Test
  void replicasSpread() {
    Scenario scenario = of(Assigned.NOTHING, pods("web", 4));
    Map<String, Long> onNode =
        scenario.pods().stream()
            .collect(
                Collectors.groupingBy(
                    pod -> pod.pod().node().orElseThrow(), Collectors.counting()));
    assertThat(onNode).containsOnly(Map.entry("node-1", 2L), Map.entry("node-2", 2L));
  }

  @Test
  void nothingMovesFromRunToRunNorWhenOthersCome() {
    Scenario first = of(Assigned.NOTHING, pods("web", 30));
    assertThat(places(of(Assigned.NOTHING, pods("web", 30)))).isEqualTo(places(first));
    List<Pod> more = new ArrayList<>(List.of(pods("aaa", 30)));
    more.addAll(List.of(pods("web", 30)));
    Scenario later = of(first.assigned(), more.toArray(new Pod[0]));
    assertThat(places(later)).containsAllEntriesOf(places(first)).hasSize(60);
  }

  @Test
  void aNewNodeTakesNoPodFromOthers() {
    Scenario first = of(Assigned.NOTHING, pods("web", 10));
    Scenario later =
        Scenario.of(
            Worlds.snapshot(pods("web", 10)), Policies.NONE, List.of(), 3, first.assigned());
    assertThat(later.snapshot().nodes()).hasSize(3);
    assertThat(places(later)).isEqualTo(places(first));
  }

  @Test
  void whatManifestsSayStays() {
    Node given =
        new Node(
            "worker-a",
            Map.of("zone", "x"),
            List.of(Address.of("10.0.0.7")),
            List.of(Cidr.of("10.9.0.0/24")));
    Pod fixed =
        Worlds.pod("shop", "db", 1)
            .withNode("worker-a")
            .withAddresses(List.of(Address.of("10.9.0.200")));
    Scenario scenario =
        Scenario.of(
            new Snapshot(
                List.of(), List.of(given), List.of(fixed, Worlds.pod("shop", "web", 1)), List.of()),
            Policies.NONE,
            List.of(),
            5,
            Assigned.NOTHING);
    assertThat(scenario.snapshot().nodes().values()).containsExactly(given);
    assertThat(scenario.pods().getFirst().pod()).isEqualTo(fixed);
    assertThat(scenario.pods().getLast().addresses())
        .singleElement()
        .matches(Cidr.of("10.9.0.0/24")::contains, "one family, from the given range");
  }

  @Test
  void aDaemonSetHasAPodOnEveryNode() {
    Scenario scenario = of(Assigned.NOTHING, Worlds.of("ops", "DaemonSet", "log", "log-1", 24224));
    assertThat(scenario.pods())
        .extracting(End.OfPod::id)
        .containsExactly("ops/pod/log-node-1", "ops/pod/log-node-2");
  }

  @Test
  void somebodyIsAlwaysOutside() {
    assertThat(of(Assigned.NOTHING, pods("web", 1)).outside())
        .extracting(OutsideHost::name)
        .containsExactly("outside");
  }

  @Test
  void nobodyOutsideHasAnAddressOfTheCluster() {
    Snapshot snapshot =
        Worlds.snapshot(
            Worlds.pod("shop", "web", 1).withAddresses(List.of(Address.of("203.0.113.10"))));
    assertThatThrownBy(
            () -> Scenario.of(snapshot, Policies.NONE, List.of(PAYMENTS), 1, Assigned.NOTHING))
        .isInstanceOf(ScenarioException.class)
        .hasMessage("payments.example is outside and cannot have 203.0.113.10 of shop/pod/web-1");
  }

  @Test
  void probesAreForEveryPairWithAPod() {
    Scenario scenario =
        Scenario.of(
            Worlds.snapshot(pods("web", 2)), Policies.NONE, List.of(PAYMENTS), 2, Assigned.NOTHING);
    List<Probe> probes = Probe.all(scenario);
    // Two pods to each other over both families, both to and from the host over IPv4; two ports,
    // two protocols.
    assertThat(probes).hasSize((2 * 2 + 4) * 2 * 2);
    assertThat(probes).extracting(Probe::port).containsOnly(80, 443, 61_999);
  }

  @Test
  void endsHaveManyNames() {
    Scenario scenario =
        Scenario.of(
            Worlds.snapshot(Worlds.pod("shop", "web", 1), Worlds.pod("shop", "web", 2)),
            Policies.NONE,
            List.of(PAYMENTS),
            2,
            Assigned.NOTHING);
    EndNames names = new EndNames(scenario);
    for (String name : List.of("shop/pod/web-1", "shop/web-1", "web-1")) {
      assertThat(names.find(name)).extracting(End::id).containsExactly("shop/pod/web-1");
    }
    for (String name : List.of("shop/deployment/web", "shop/web", "web")) {
      assertThat(names.find(name)).hasSize(2);
    }
    assertThat(names.find("203.0.113.10")).extracting(End::id).containsExactly("payments.example");
    assertThatThrownBy(() -> names.find("nobody")).hasMessage("nobody in the lab is called nobody");
  }
}
