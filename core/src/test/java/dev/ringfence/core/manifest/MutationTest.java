package dev.ringfence.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Whatever the bytes are, reading answers with problems that have a place and never throws.
class MutationTest {
  private static final int ROUNDS = Integer.getInteger("mutations", 3_000);

  private static final String GOOD =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: p, namespace: shop, labels: &l {a: b}, generation: 3}
      spec:
        podSelector: {matchLabels: {<<: *l, c: "d"}}
        policyTypes: [Ingress, Egress]
        ingress:
        - from:
          - podSelector: {matchExpressions: [{key: a, operator: In, values: [b, 'c']}]}
            namespaceSelector: {}
          - ipBlock: {cidr: 10.0.0.0/8, except: ["10.1.0.0/16"]}
          ports: [{port: 80, endPort: 90}, {port: http, protocol: UDP}, {}]
        egress:
        -
      ---
      {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "d"}, "spec": {
        "replicas": 2, "template": {"metadata": {"labels": {"x": "y"}}, "spec": {"hostNetwork": false,
        "containers": [{"ports": [{"name": "http", "containerPort": 8080, "protocol": "TCP"}]}]}}}}
      ---
      apiVersion: v1
      kind: List
      items:
      - {apiVersion: v1, kind: Pod, metadata: {name: a}, status: {podIPs: [{ip: 10.0.0.1}], startTime: "2026-01-02T03:04:05Z"}}
      - {apiVersion: v1, kind: Node, metadata: {name: n}, spec: {podCIDRs: [10.0.0.0/24]}, status: {addresses: [{type: InternalIP, address: 1.2.3.4}]}}
      - {apiVersion: v1, kind: Service, metadata: {name: s}, spec: {clusterIPs: [None], ports: [{port: 80, targetPort: http}]}}
      - {apiVersion: batch/v1, kind: CronJob, metadata: {name: c}, spec: {jobTemplate: {spec: {template: {}}}}}
      - {apiVersion: ringfence.dev/v1, kind: Lab, metadata: {name: l}, spec: {nodes: 2, outside: [{name: o, addresses: ["::1"]}]}}
      """;

  private static final List<String> PIECES =
      List.of(
          "null",
          "~",
          "[]",
          "{}",
          "-1",
          "0",
          "1e3",
          "true",
          "\"",
          "'",
          "&a ",
          "*a",
          "*l",
          "<<: ",
          "---\n",
          "...\n",
          "- ",
          ": ",
          "? ",
          "\n",
          "\t",
          "#",
          "|\n",
          ">-\n",
          "!!int ",
          "!!str ",
          "%YAML 9.9\n",
          "[",
          "]",
          "{",
          "}",
          "99999999999",
          "\0",
          "\u00FF",
          "\uFEFF",
          "a: b\n",
          "items: ");

  @Test
  void readingNeverThrows() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      byte[] bytes = mutate(new Random(seed));
      for (Admission admission : Admission.values()) {
        Loaded loaded = read(bytes, admission, seed);
        assertThat(loaded.problems()).as("seed %d", seed).allMatch(one -> one.place().isPresent());
      }
    }
  }

  private static Loaded read(byte[] bytes, Admission admission, int seed) {
    try {
      return Manifests.read(
          List.of(new SourceText("in", new ByteArrayInputStream(bytes))), admission);
    } catch (RuntimeException broken) {
      throw new AssertionError(
          "seed " + seed + ": " + new String(bytes, StandardCharsets.UTF_8), broken);
    }
  }

  private static byte[] mutate(Random random) {
    StringBuilder text = new StringBuilder(GOOD);
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(text.length());
      String piece = PIECES.get(random.nextInt(PIECES.size()));
      switch (random.nextInt(4)) {
        case 0 -> text.insert(at, piece);
        case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(20)));
        case 2 -> text.replace(at, Math.min(text.length(), at + piece.length()), piece);
        default -> {
          int colon = text.indexOf(": ", at);
          if (colon >= 0) {
            text.insert(colon + 2, piece + " ");
          }
        }
      }
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    if (random.nextInt(10) == 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }
}
