package dev.ringfence.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringfence.core.cluster.Service.ServicePort;
import dev.ringfence.core.cluster.Service.TargetPort;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Names of ends, and the flows that a question about two of them comes to.
final class EndsTest {
  private static final Pod WEB_1 = pod("web-1", "Deployment", "web", "10.0.0.1", "fd00::1");
  private static final Pod WEB_2 = pod("web-2", "Deployment", "web", "10.0.0.2", "fd00::2");
  private static final Pod DB = pod("db-0", "StatefulSet", "db", "fd00::3", "10.0.0.3");
  private static final Pod V6 = pod("six", "Pod", "six", "fd00::6");
  private static final Pod DRY = pod("dry", "Pod", "dry");
  private static final Pod HOST =
      new Pod(
          new ObjectName("shop", "host"),
          "",
          Map.of("on", "node"),
          Optional.of("n1"),
          true,
          PodAddresses.of(Address.of("192.0.2.1")),
          Phase.RUNNING,
          Optional.empty(),
          List.of(),
          new Workload("shop", "Pod", "host"));
  private static final Service SERVICE =
      new Service(
          new ObjectName("shop", "web"),
          "ClusterIP",
          List.of(Address.of("10.96.0.9")),
          Optional.of(Map.of("app", "web")),
          List.of(
              new ServicePort(
                  Optional.empty(),
                  Protocol.TCP,
                  80,
                  new TargetPort.ByName("http"),
                  Optional.empty())));
  private static final Snapshot NOW =
      new Snapshot(
          List.of(),
          List.of(new Node("n1", Map.of(), List.of(Address.of("192.0.2.1")), List.of())),
          List.of(WEB_1, WEB_2, DB, V6, DRY, HOST),
          List.of(SERVICE));
  private static final Ends ENDS = new Ends(NOW);

  @Test
  void aPodHasTwoSpellingsAndAWorkloadStandsForItsPods() throws Exception {
    assertThat(ENDS.find("shop/pod/web-1")).isEqualTo(new End.OfPods(List.of(WEB_1)));
    assertThat(ENDS.find("shop/web-1")).isEqualTo(new End.OfPods(List.of(WEB_1)));
    assertThat(ENDS.find("shop/deployment/web")).isEqualTo(new End.OfPods(List.of(WEB_1, WEB_2)));
    assertThat(ENDS.find("shop/web")).isEqualTo(new End.OfPods(List.of(WEB_1, WEB_2)));
  }

  @Test
  void aLoopbackAddressIsWhoeverAsks() throws Exception {
    Endpoint web = NOW.resolve(Address.of("10.0.0.1"));
    for (String loopback : List.of("127.0.0.1", "127.1.2.3", "::1")) {
      assertThat(flows("shop/web-1", loopback))
          .containsExactly(Flow.of(web, web, Protocol.TCP, 80));
    }
    assertThat(flows("shop/web", "127.0.0.1"))
        .hasSize(2)
        .allMatch(one -> one.from().equals(one.to()));
  }

  @Test
  void hostNetworkPodsAreTheirNode() throws Exception {
    assertThat(ENDS.find("shop/host"))
        .isEqualTo(new End.OfNode("n1", List.of(Address.of("192.0.2.1"))));
    assertThat(new Ends(NOW, true).find("shop/host"))
        .isEqualTo(new End.OfPods(List.of(HOST.onPodNetwork())));
    assertThat(ENDS.find("node/n1"))
        .isEqualTo(new End.OfNode("n1", List.of(Address.of("192.0.2.1"))));
  }

  @Test
  void whoIsUnknownIsNamedWithANeighbour() {
    assertThatThrownBy(() -> ENDS.find("shop/wbe"))
        .hasMessage("no pod shop/wbe in the input; is it shop/deployment/web?");
    assertThatThrownBy(() -> ENDS.find("shop/deployment/nothing"))
        .hasMessage("no shop/deployment/nothing in the input");
    assertThatThrownBy(() -> ENDS.find("node/n2")).hasMessage("no node/n2 in the input");
    assertThatThrownBy(() -> ENDS.find("web")).hasMessageStartingWith("web: not an end");
    assertThatThrownBy(() -> ENDS.find("10.0.0.0/8")).hasMessageContaining("not a range");
  }

  @Test
  void theDestinationsFirstCommonFamilyIsAsked() throws Exception {
    assertThat(flows("shop/web-1", "shop/db-0"))
        .containsExactly(
            Flow.of(of(WEB_1, "fd00::1"), of(DB, "fd00::3"), Protocol.TCP, 80)); // podIPs: v6 first
    assertThat(flows("10.0.0.1", "shop/db-0"))
        .containsExactly(Flow.of(of(WEB_1, "10.0.0.1"), of(DB, "10.0.0.3"), Protocol.TCP, 80));
    assertThatThrownBy(() -> flows("10.9.9.9", "shop/six"))
        .hasMessageContaining("no address family");
  }

  @Test
  void anUnknownAddressGoesWithAnyFamily() throws Exception {
    var template =
        new Pod(
            new ObjectName("shop", "t-1"),
            "",
            Map.of(),
            Optional.empty(),
            false,
            new PodAddresses.Unknown(),
            Phase.RUNNING,
            Optional.empty(),
            List.of(),
            new Workload("shop", "Job", "t"));
    var now = NOW.withPods(List.of(template, V6));
    var flows =
        new Pairs(now)
            .flows(
                new Ends(now).find("shop/job/t"),
                new Ends(now).find("shop/six"),
                Protocol.OTHER,
                OptionalInt.empty());
    assertThat(flows)
        .containsExactly(
            Flow.other(new Endpoint.OfPod(template, Optional.empty()), of(V6, "fd00::6")));
  }

  @Test
  void aWorkloadIsNotAskedAboutOnePodAndItself() throws Exception {
    assertThat(flows("shop/web", "shop/web")).hasSize(2);
    assertThat(flows("shop/db", "shop/db")).hasSize(1);
  }

  @Test
  void aServiceAddressLeadsToItsBackendsOnTheirOwnPort() throws Exception {
    var flows = flows("shop/web-1", "10.96.0.9");
    assertThat(flows).hasSize(2).allMatch(flow -> flow.viaService());
    assertThat(flows).extracting(flow -> flow.port().getAsInt()).containsOnly(8080);
    assertThat(flows.getLast().to()).isEqualTo(of(WEB_2, "10.0.0.2"));
    assertThatThrownBy(() ->
            new Pairs(NOW)
                .flows(
                    ENDS.find("shop/db"), ENDS.find("10.96.0.9"), Protocol.UDP, OptionalInt.of(80)))
        .hasMessage("service shop/web has no port 80/UDP");
  }

  @Test
  void aServiceHasANameAsWell() throws Exception {
    assertThat(flows("shop/web-1", "shop/service/web"))
        .isEqualTo(flows("shop/web-1", "10.96.0.9"))
        .hasSize(2);
    assertThatThrownBy(() -> flows("shop/service/web", "shop/web-1"))
        .hasMessageContaining("opens no connections");
    assertThatThrownBy(() -> flows("shop/web-1", "shop/service/wbe"))
        .hasMessage("no service shop/wbe in the input; is it shop/service/web?");
  }

  @Test
  void hostNetworkPodsBehindAServiceAreTheirNode() throws Exception {
    Snapshot now = NOW.withServices(List.of(service("host", false, Map.of("on", "node"))));
    assertThat(flows(now, new Ends(now), "shop/web-1", "shop/service/host"))
        .containsExactly(
            new Flow(
                of(WEB_1, "10.0.0.1"),
                onNode("192.0.2.1"),
                Protocol.TCP,
                OptionalInt.of(9100),
                true));
    assertThat(flows(now, new Ends(now, true), "shop/web-1", "shop/service/host"))
        .extracting(Flow::to)
        .containsExactly(of(HOST.onPodNetwork(), "192.0.2.1"));
  }

  @Test
  void aHeadlessServiceIsItsPodsOnThePortThatIsDialled() throws Exception {
    Snapshot now = NOW.withServices(List.of(service("dbs", true, Map.of("app", "db"))));
    assertThat(flows(now, new Ends(now), "shop/web-1", "shop/service/dbs"))
        .isEqualTo(flows("shop/web-1", "shop/db-0"));
  }

  @Test
  void aServiceWithoutBackendsSaysWhy() {
    Snapshot now = NOW.withServices(List.of(service("none", false, Map.of())));
    assertThatThrownBy(() -> flows(now, new Ends(now), "shop/web-1", "shop/service/none"))
        .hasMessage(
            "service shop/none has no backends: it has no selector, and no EndpointSlice in the"
                + " input names who is behind it");
  }

  private static Snapshot withSlice(boolean headless, String service, String... addresses) {
    EndpointSlice slice =
        new EndpointSlice(
            new ObjectName("shop", "s-1"),
            service,
            Stream.of(addresses).map(Address::of).toList(),
            List.of(new EndpointSlice.Port(Optional.empty(), Protocol.TCP, 8443)));
    return new Snapshot(
        List.of(),
        NOW.nodes().values(),
        NOW.pods().values(),
        List.of(service("none", headless, Map.of())),
        List.of(slice));
  }

  /// S105, S107.
  @Test
  void aServiceWithoutSelectorLeadsWhereItsEndpointSlicesSay() throws Exception {
    Snapshot now = withSlice(false, "none", "203.0.113.7", "10.0.0.3", "192.0.2.1");
    List<Flow> flows = flows(now, new Ends(now), "shop/web-1", "shop/service/none");
    assertThat(flows)
        .extracting(Flow::to)
        .containsExactly(
            new Endpoint.Outside(Optional.of(Address.of("203.0.113.7"))),
            new Endpoint.OfPod(DB, Optional.of(Address.of("10.0.0.3"))),
            new Endpoint.OfNode("n1", Optional.of(Address.of("192.0.2.1"))));
    assertThat(flows).allMatch(flow -> flow.port().equals(OptionalInt.of(8443)));
    Snapshot other = withSlice(false, "another", "203.0.113.7");
    assertThatThrownBy(() -> flows(other, new Ends(other), "shop/web-1", "shop/service/none"))
        .hasMessageContaining("no EndpointSlice in the input names who is behind it");
  }

  /// S110.
  @Test
  void aHeadlessOneStandsForTheirAddresses() throws Exception {
    assertThat(new Ends(withSlice(true, "none", "203.0.113.7")).find("shop/service/none"))
        .isEqualTo(new End.OfAddress(Address.of("203.0.113.7")));
    assertThat(new Ends(withSlice(true, "none", "10.0.0.3", "10.0.0.1")).find("shop/service/none"))
        .isEqualTo(new End.OfPods(List.of(DB, WEB_1)));
    assertThatThrownBy(() ->
            new Ends(withSlice(true, "none", "10.0.0.3", "203.0.113.7")).find("shop/service/none"))
        .hasMessageContaining("ask about one of 10.0.0.3, 203.0.113.7");
  }

  private static Service service(String name, boolean headless, Map<String, String> selector) {
    return new Service(
        new ObjectName("shop", name),
        "ClusterIP",
        List.of(),
        Optional.of(selector).filter(pairs -> !pairs.isEmpty()),
        List.of(
            new ServicePort(
                Optional.empty(),
                Protocol.TCP,
                80,
                new TargetPort.ByNumber(9100),
                Optional.empty())),
        new Service.Access(headless, List.of(), false, false, false, Optional.empty()));
  }

  private static Endpoint onNode(String address) {
    return new Endpoint.OfNode("n1", Optional.of(Address.of(address)));
  }

  private static List<Flow> flows(Snapshot now, Ends ends, String from, String to)
      throws Ends.Unknown {
    return new Pairs(now).flows(ends.find(from), ends.find(to), Protocol.TCP, OptionalInt.of(80));
  }

  private static List<Flow> flows(String from, String to) throws Ends.Unknown {
    return new Pairs(NOW).flows(ENDS.find(from), ENDS.find(to), Protocol.TCP, OptionalInt.of(80));
  }

  private static Endpoint of(Pod pod, String address) {
    return new Endpoint.OfPod(pod, Optional.of(Address.of(address)));
  }

  private static Pod pod(String name, String kind, String owner, String... addresses) {
    return new Pod(
        new ObjectName("shop", name),
        "",
        Map.of("app", owner),
        Optional.empty(),
        false,
        new PodAddresses.Known(List.of(addresses).stream().map(Address::of).toList()),
        Phase.RUNNING,
        Optional.empty(),
        List.of(ContainerPort.named("http", Protocol.TCP, 8080)),
        new Workload("shop", kind, owner));
  }
}
