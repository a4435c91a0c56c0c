package dev.ringfence.lab.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Service;
import dev.ringfence.core.cluster.Service.ServicePort;
import dev.ringfence.core.cluster.Service.TargetPort;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.Policies;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.lab.Worlds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Which addresses and node ports Services get, and where their doors lead.
final class ServicePlanTest {
  private static final Address ANYBODY = Address.of("10.244.1.9");

  private static final Pod WEB = Worlds.pod("shop", "web", 1, 8080);

  private static Service service(String name, String type, Optional<Integer> nodePort) {
    return new Service(
        new ObjectName("shop", name),
        type,
        List.of(),
        Optional.of(Map.of("app", "web")),
        List.of(
            new ServicePort(
                Optional.empty(), Protocol.TCP, 80, new TargetPort.ByNumber(8080), nodePort)));
  }

  private static Service at(Service service, String... addresses) {
    return new Service(
        service.name(),
        service.type(),
        List.of(addresses).stream().map(Address::of).toList(),
        service.selector(),
        service.ports());
  }

  private static Scenario of(Assigned remembered, Service... services) {
    return Scenario.of(
        new Snapshot(List.of(), List.of(), List.of(WEB), List.of(services)),
        Policies.NONE,
        List.of(),
        2,
        remembered);
  }

  private static Map<String, String> places(Scenario scenario) {
    Map<String, String> out = new TreeMap<>();
    scenario
        .snapshot()
        .services()
        .values()
        .forEach(
            one -> out.put(one.id(), one.clusterIps() + " " + one.ports().getFirst().nodePort()));
    return out;
  }

  private static Service[] many(int count) {
    Service[] out = new Service[count];
    for (int i = 0; i < count; i++) {
      out[i] = service("s" + i, "NodePort", Optional.empty());
    }
    return out;
  }

  @Test
  void everyServiceGetsBothFamiliesAndItsNodePorts() {
    Scenario scenario = of(Assigned.NOTHING, many(300));
    assertThat(places(scenario).values()).doesNotHaveDuplicates();
    for (Service service : scenario.snapshot().services().values()) {
      assertThat(service.clusterIps())
          .extracting(Address::family)
          .containsExactly(Family.IPV4, Family.IPV6);
      assertThat(Cidr.of("10.96.0.0/16").contains(service.clusterIps().getFirst())).isTrue();
      assertThat(service.ports().getFirst().nodePort().orElseThrow()).isBetween(30_000, 32_767);
    }
  }

  @Test
  void nothingMovesWhenOthersComeAndGo() {
    Scenario first = of(Assigned.NOTHING, many(100));
    assertThat(places(of(Assigned.NOTHING, many(100)))).isEqualTo(places(first));
    List<Service> more = new ArrayList<>(List.of(many(100)));
    for (int i = 0; i < 900; i++) {
      more.add(service("a" + i, "NodePort", Optional.empty()));
    }
    assertThat(places(of(first.assigned(), more.toArray(Service[]::new))))
        .containsAllEntriesOf(places(first));
  }

  @Test
  void whatIsWrittenStaysAndNobodyElseHasIt() {
    Service written = at(service("a", "NodePort", Optional.of(30_123)), "10.96.7.7");
    Scenario scenario = of(Assigned.NOTHING, written, service("b", "ClusterIP", Optional.of(1)));
    assertThat(places(scenario))
        .containsEntry("shop/service/a", "[10.96.7.7] Optional[30123]")
        .hasEntrySatisfying("shop/service/b", text -> assertThat(text).endsWith("Optional.empty"));
    assertThatThrownBy(() ->
            of(Assigned.NOTHING, written, at(service("b", "", Optional.empty()), "10.96.7.7")))
        .isInstanceOf(ScenarioException.class)
        .hasMessage("shop/service/b cannot have 10.96.7.7, which belongs to shop/service/a");
    assertThatThrownBy(
            () -> of(Assigned.NOTHING, written, service("b", "NodePort", Optional.of(30_123))))
        .hasMessage(
            "shop/service/b cannot have the node port 30123/TCP, which belongs to shop/service/a");
    assertThatThrownBy(
            () -> of(Assigned.NOTHING, at(service("b", "", Optional.empty()), "203.0.113.10")))
        .hasMessage("shop/service/b cannot have 203.0.113.10, which belongs to a host outside");
  }

  @Test
  void doorsAreOnTheServiceAndOnEveryNode() {
    Scenario scenario =
        of(
            Assigned.NOTHING,
            service("a", "NodePort", Optional.of(30_123)),
            service("b", "ClusterIP", Optional.empty()));
    List<Door> doors = Door.all(scenario);
    assertThat(doors).hasSize(2 + 4 + 2);
    assertThat(doors)
        .allSatisfy(door ->
            assertThat(door.backends())
                .extracting(one -> one.end().id() + " " + one.port())
                .containsExactly("shop/pod/web-1 8080"));
    assertThat(doors).filteredOn(door -> door.number() == 30_123).hasSize(4);
  }

  @Test
  void everyBackendHasSlotsAndNoneHasManyMore() {
    for (int backends = 1; backends < 200; backends++) {
      Spread spread = new Spread(backends, false);
      int[] count = new int[backends];
      for (int slot = 0; slot < spread.slots(); slot++) {
        count[spread.backendOf(slot)]++;
        assertThat(spread.backendOf(ANYBODY, spread.masked(slot)))
            .isEqualTo(spread.backendOf(slot));
        assertThat(spread.backendOf(ANYBODY, (0xFFFF & ~spread.mask()) | spread.masked(slot)))
            .isEqualTo(spread.backendOf(slot));
      }
      assertThat(java.util.Arrays.stream(count).min().orElseThrow()).isGreaterThanOrEqualTo(8);
      assertThat(java.util.Arrays.stream(count).max().orElseThrow()).isLessThanOrEqualTo(17);
    }
  }

  @Test
  void aClientKeepsItsBackendWhateverItsPort() {
    Spread spread = new Spread(3, true);
    Set<Integer> got = new TreeSet<>();
    for (int host = 1; host < 255; host++) {
      Address client = Address.of("10.244.1." + host);
      int first = spread.backendOf(client, 40_000);
      for (int port = 40_001; port < 40_050; port++) {
        assertThat(spread.backendOf(client, port)).isEqualTo(first);
      }
      assertThat(first).isEqualTo(spread.backendOf(host & spread.mask()));
      got.add(first);
    }
    assertThat(got).containsExactly(0, 1, 2);
  }
}
