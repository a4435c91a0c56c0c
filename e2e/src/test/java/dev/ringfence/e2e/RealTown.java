package dev.ringfence.e2e;

import static dev.ringfence.e2e.Traffic.dropped;
import static dev.ringfence.e2e.Traffic.passes;

import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.e2e.Ringfence.Running;
import dev.ringfence.e2e.wire.Ear;
import dev.ringfence.e2e.wire.Packets;
import dev.ringfence.e2e.wire.Space;
import dev.ringfence.e2e.wire.Spaces;
import dev.ringfence.lab.netns.Instance;
import dev.ringfence.lab.netns.Leftovers;
import dev.ringfence.lab.netns.Topology;
import dev.ringfence.lab.scenario.Scenario;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/// Pods `a`, `b` and `c` of `shop` on one node, which a real API server is to know.
final class RealTown implements AutoCloseable {
  private static final int PORT = 8080;

  /// `a` admits pods labelled `app: b`.
  static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: a, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: a}}
        ingress: [{from: [{podSelector: {matchLabels: {app: b}}}], ports: [{port: 8080, protocol: UDP}]}]
      """;

  private final Scenario scenario = Town.scenario("a@node-1", "b@node-1", "c@node-1");
  private final Instance instance;

  RealTown() throws Exception {
    instance = Spaces.fresh();
    new Topology(instance).build(scenario);
  }

  Space node() {
    return new Space(instance.node("node-1"));
  }

  private Pod known(String name) {
    return Objects.requireNonNull(scenario.snapshot().pods().get(new ObjectName("shop", name)));
  }

  Space pod(String name) {
    return new Space(instance.pod(known(name)));
  }

  private Address address(String name) {
    return known(name).address(Family.IPV4).orElseThrow();
  }

  private byte[] packet(String from, byte[] payload) {
    return Packets.udp(address(from), 40_000, address("a"), PORT, payload);
  }

  void passing(String what, String from, Ear at) throws Exception {
    passes(what, pod(from), at, payload -> packet(from, payload));
  }

  void denied(String what, String from, Ear at) throws Exception {
    dropped(what, pod(from), at, payload -> packet(from, payload));
  }

  /// Tells the server of them all.
  void makePods(RealApiServer server) {
    server.kubectl("create", "namespace", "shop");
    for (String name : List.of("node-1", "node-2")) {
      server.apply(
          "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"" + name + "\"}}");
    }
    for (String name : List.of("a", "b", "c")) {
      server.apply(
          """
          apiVersion: v1
          kind: Pod
          metadata: {name: %1$s, namespace: shop, labels: {app: %1$s}}
          spec: {nodeName: node-1, containers: [{name: main, image: main}]}
          """
              .formatted(name));
      server.kubectl(
          "patch",
          "pod",
          name,
          "--subresource=status",
          "--type=merge",
          "-p",
          "{\"status\":{\"phase\":\"Running\",\"podIP\":\"%1$s\",\"podIPs\":[{\"ip\":\"%1$s\"}]}}"
              .formatted(address(name)));
    }
  }

  static void policies(Running agent, int count) throws Exception {
    agent.awaitOut(out -> {
      String[] lines = out.strip().split("\n", -1);
      return lines[lines.length - 1].contains("\"policies\":" + count + ",");
    });
  }

  @Override
  public void close() throws IOException {
    Leftovers.clear(instance);
  }
}
