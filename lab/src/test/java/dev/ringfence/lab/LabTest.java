package dev.ringfence.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringfence.core.cluster.ContainerPort;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.Peers;
import dev.ringfence.core.model.Policies;
import dev.ringfence.core.model.PortItem;
import dev.ringfence.core.model.PortRange;
import dev.ringfence.core.model.Ports;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.core.model.Rule;
import dev.ringfence.lab.netns.Inside;
import dev.ringfence.lab.netns.Instance;
import dev.ringfence.lab.netns.Leftovers;
import dev.ringfence.lab.scenario.Assigned;
import dev.ringfence.lab.scenario.End;
import dev.ringfence.lab.scenario.EndNames;
import dev.ringfence.lab.scenario.Probe;
import dev.ringfence.lab.scenario.Scenario;
import dev.ringfence.report.LabReport;
import dev.ringfence.report.ProbeReport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A lab obeys, follows changes, and leaves nothing.
@ExtendWith(Privileged.class)
final class LabTest {
  private static final Instance INSTANCE = new Instance("labtest");
  private static final Pod WEB = Worlds.pod("shop", "web", 1, 8080);
  private static final Pod API = Worlds.pod("shop", "api", 1, 8080, 9090);
  private static final Pod MONITOR = Worlds.pod("ops", "monitor", 1, 3000);

  @AfterEach
  void nothingIsLeft() throws IOException {
    assertThat(Leftovers.any(INSTANCE)).isFalse();
  }

  private static Scenario scenario(Policies policies, Assigned remembered, Pod... pods) {
    return Scenario.of(Worlds.snapshot(pods), policies, List.of(), 2, remembered);
  }

  private static Scenario three(Policies policies) {
    return scenario(policies, Assigned.NOTHING, WEB, API, MONITOR);
  }

  private static Lab up(Scenario scenario) throws Exception {
    return Lab.up(INSTANCE, scenario, LabOptions.STANDARD, step -> {});
  }

  private static LabReport probed(Lab lab) throws Exception {
    LabReport report = lab.probe(Probe.all(lab.scenario()), step -> {});
    assertThat(report.probes().probes().stream().filter(one -> !one.answer().equals(one.packet())))
        .isEmpty();
    return report;
  }

  private static long allowed(LabReport report) {
    return report.probes().probes().stream()
        .map(ProbeReport.Probe::answer)
        .filter("allowed"::equals)
        .count();
  }

  @Test
  void policiesAreEnforcedChangedAndTakenBack() throws Exception {
    try (Lab lab = up(three(Policies.NONE))) {
      long all = allowed(probed(lab));
      assertThat(all).isEqualTo(probed(lab).probes().probes().size());
      lab.apply(scenario(Rules.ingress("shop"), lab.scenario().assigned(), WEB, API, MONITOR));
      assertThat(allowed(probed(lab))).isPositive().isLessThan(all / 2);
      lab.apply(three(Policies.NONE));
      assertThat(allowed(probed(lab))).isEqualTo(all);
    }
  }

  @Test
  void sctpIsJudgedByItsPort() throws Exception {
    Pod gateway =
        Worlds.listening(
            Worlds.pod("telecom", "gateway", 1),
            new ContainerPort(Optional.empty(), Protocol.SCTP, 3868));
    Rule diameter =
        new Rule(
            new Peers.Any(),
            new Ports.OneOf(List.of(new PortItem.Numbers(Protocol.SCTP, PortRange.only(3868)))));
    try (Lab lab =
        up(scenario(Rules.ingress("telecom", diameter), Assigned.NOTHING, WEB, gateway))) {
      LabReport report = probed(lab);
      assertThat(report.probes().probes())
          .filteredOn(one -> one.to().equals("telecom/pod/gateway-1"))
          .filteredOn(one -> "allowed".equals(one.packet()))
          .isNotEmpty()
          .allMatch(one -> one.protocol().equals("SCTP"));
    }
  }

  @Test
  void podsComeGoAndMove() throws Exception {
    try (Lab lab = up(three(Rules.ingress("ops")))) {
      int before = probed(lab).probes().probes().size();
      Pod fresh = Worlds.pod("shop", "cache", 1, 6379);
      lab.apply(
          scenario(Rules.ingress("ops"), lab.scenario().assigned(), WEB, API, MONITOR, fresh));
      assertThat(probed(lab).probes().probes()).hasSizeGreaterThan(before);
      Pod moved = WEB.withNode("node-2").withAddresses(List.of(Address.of("10.244.2.250")));
      Pod other = Worlds.pod("shop", "api", 1, 8081);
      lab.apply(scenario(Rules.ingress("shop"), lab.scenario().assigned(), moved, other));
      assertThat(probed(lab).probes().probes())
          .extracting(ProbeReport.Probe::from)
          .doesNotContain("ops/pod/monitor-1");
      lab.apply(
          Scenario.of(
              Worlds.snapshot(API, MONITOR), Rules.ingress("ops"), List.of(), 3, Assigned.NOTHING));
      assertThat(probed(lab).probes().probes()).isNotEmpty();
    }
  }

  @Test
  void anEstablishedConnectionIsCutAndResumed() throws Exception {
    try (Lab lab = up(three(Policies.NONE))) {
      EndNames names = new EndNames(lab.scenario());
      End api = names.first("shop/api-1");
      try (Socket talk = connected(lab, names.first("shop/web-1"), api)) {
        assertThat(echo(talk)).isEqualTo("shop/api-1\n");
        lab.apply(three(Rules.ingress("shop")));
        assertThatThrownBy(() -> echo(talk)).isInstanceOf(SocketTimeoutException.class);
        lab.apply(three(Rules.ingress("shop", Rule.EVERYTHING)));
        talk.setSoTimeout(5_000);
        assertThat(read(talk)).isEqualTo("shop/api-1\n");
        assertThat(echo(talk)).isEqualTo("shop/api-1\n");
      }
    }
  }

  private static Socket connected(Lab lab, End from, End to) throws Exception {
    InetAddress address = InetAddress.getByAddress(to.address(Family.IPV4).orElseThrow().bytes());
    return Inside.call(
        lab.namespaceOf(from.id()),
        () -> {
          Socket socket = new Socket();
          socket.connect(new InetSocketAddress(address, 8080), 2_000);
          socket.setSoTimeout(600);
          return socket;
        });
  }

  private static String echo(Socket socket) throws IOException {
    socket.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
    return read(socket);
  }

  private static String read(Socket socket) throws IOException {
    byte[] bytes = new byte[100];
    int length = socket.getInputStream().read(bytes);
    return new String(bytes, 0, length, StandardCharsets.US_ASCII);
  }

  private static final String ONLY_ONE_HOST =
      """
      apiVersion: ringfence.dev/v1
      kind: Lab
      metadata: {name: x}
      spec:
        outside:
          - {name: friend, addresses: [203.0.113.10, "2001:db8::10"]}
          - {name: stranger, addresses: [203.0.113.11, "2001:db8::11"]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop}
      spec: {containers: [{name: c, image: x, ports: [{containerPort: 80}]}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web, namespace: shop}
      spec:
        podSelector: {}
        ingress:
          - from: [{ipBlock: {cidr: 203.0.113.10/32}}, {ipBlock: {cidr: "2001:db8::10/128"}}]
      """;

  /// Whoever opens a socket there and binds it to nothing has the host's address.
  @Test
  void eachHostOutsideIsAPlaceOfItsOwn() throws Exception {
    try (Lab lab = up(Worlds.scenario(ONLY_ONE_HOST, Assigned.NOTHING))) {
      probed(lab);
      for (Address address : lab.scenario().pods().getFirst().addresses()) {
        InetAddress web = InetAddress.getByAddress(address.bytes());
        assertThat(Dialling.answers(lab, "friend", web, 80)).containsExactly("shop/web\n");
        assertThat(Dialling.answers(lab, "stranger", web, 80)).containsExactly("silent");
      }
    }
  }
}
