package dev.ringfence.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A town of manifests, the same every time: namespaces of equal size, shut both ways but for what
/// their policies open.
///
/// In every namespace: everybody may reach everybody there on 8080, everybody may ask the DNS of
/// namespace 0, the world reaches `web`, and the first `doors` workloads admit the whole ring of
/// namespaces that theirs is in.
///
/// @param namespaces how many; each is in the ring with its neighbours
/// @param workloads in each namespace
/// @param ring how many namespaces are in one ring
/// @param doors how many workloads of a namespace are open to its ring
/// @param whole whether workloads have services and accounts, and every object a file of its own
record ManifestTown(int namespaces, int workloads, int ring, int doors, boolean whole) {

  /// 12 workloads and 50 manifests.
  static final ManifestTown SMALL = new ManifestTown(2, 6, 2, 1, true);

  /// 1,000 workloads in 100 namespaces, 600 policies, about 18,000 connections.
  static final ManifestTown LARGE = new ManifestTown(100, 10, 9, 1, false);

  /// 10,000 workloads, 6,000 policies.
  static final ManifestTown HUGE = new ManifestTown(1_000, 10, 9, 1, false);

  /// As many objects as [#LARGE], and about 240,000 connections.
  static final ManifestTown DENSE = new ManifestTown(100, 10, 25, 10, false);

  /// Writes a file a namespace, or a file an object.
  void write(Path folder) {
    for (int at = 0; at < namespaces; at++) {
      List<String> objects = objects(at);
      if (!whole) {
        write(folder.resolve("team-" + at + ".yaml"), String.join("---\n", objects));
        continue;
      }
      for (int i = 0; i < objects.size(); i++) {
        write(folder.resolve("team-" + at + "-" + i + ".yaml"), objects.get(i));
      }
    }
  }

  private List<String> objects(int at) {
    List<String> out = new ArrayList<>(List.of(namespace(at)));
    for (int i = 0; i < workloads; i++) {
      out.add(deployment(at, i));
      if (whole) {
        out.add(service(at, i));
        out.add(account(at, i));
      }
    }
    out.addAll(policies(at));
    return out;
  }

  private String namespace(int at) {
    return """
    apiVersion: v1
    kind: Namespace
    metadata:
      name: team-%d
      labels:
        kubernetes.io/metadata.name: team-%d
        ring: ring-%d
    """
        .formatted(at, at, at / ring);
  }

  private static String deployment(int at, int i) {
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: %2$s
      namespace: team-%1$d
      labels:
        app.kubernetes.io/name: %2$s
        app.kubernetes.io/part-of: team-%1$d
    spec:
      replicas: %3$d
      selector:
        matchLabels:
          app: %2$s
      template:
        metadata:
          labels:
            app: %2$s
            tier: %4$s
            team: team-%1$d
        spec:
          containers:
            - name: main
              image: registry.example/team-%1$d/%2$s:1.4.2
              imagePullPolicy: IfNotPresent
              ports:
                - name: http
                  containerPort: 8080
                  protocol: TCP
              resources:
                requests:
                  cpu: 100m
                  memory: 128Mi
                limits:
                  memory: 256Mi
    """
        .formatted(at, name(i), 1 + i % 3, i % 2 == 0 ? "front" : "back");
  }

  private static String service(int at, int i) {
    return """
    apiVersion: v1
    kind: Service
    metadata:
      name: %s
      namespace: team-%d
    spec:
      selector:
        app: %s
      ports:
        - name: http
          port: 80
          targetPort: http
    """
        .formatted(name(i), at, name(i));
  }

  private static String account(int at, int i) {
    return """
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: %s
      namespace: team-%d
    """
        .formatted(name(i), at);
  }

  private List<String> policies(int at) {
    StringBuilder open = new StringBuilder();
    for (int i = 0; i < doors; i++) {
      open.append(i == 0 ? "" : ", ").append(name(i));
    }
    return List.of(
        policy(at, "closed", "  podSelector: {}\n  policyTypes: [Ingress, Egress]\n"),
        policy(
            at,
            "inside",
            """
              podSelector: {}
              policyTypes: [Ingress, Egress]
              ingress:
                - from:
                    - podSelector: {}
                  ports:
                    - protocol: TCP
                      port: 8080
              egress:
                - to:
                    - podSelector: {}
                  ports:
                    - protocol: TCP
                      port: 8080
            """),
        policy(
            at,
            "dns",
            """
              podSelector:
                matchExpressions:
                  - key: app
                    operator: Exists
              policyTypes: [Egress]
              egress:
                - to:
                    - namespaceSelector:
                        matchLabels:
                          kubernetes.io/metadata.name: team-0
                      podSelector:
                        matchLabels:
                          app: dns
                  ports:
                    - protocol: UDP
                      port: 53
                    - protocol: TCP
                      port: 53
            """),
        policy(
            at,
            "world",
            """
              podSelector:
                matchLabels:
                  app: web
              policyTypes: [Ingress]
              ingress:
                - from:
                    - ipBlock:
                        cidr: 0.0.0.0/0
                        except:
                          - 10.0.0.0/8
                          - 203.0.113.%d/32
                  ports:
                    - port: http
            """
                .formatted(at % 8)),
        policy(
            at,
            "doors",
            """
              podSelector:
                matchExpressions:
                  - key: app
                    operator: In
                    values: [%s]
              policyTypes: [Ingress]
              ingress:
                - from:
                    - namespaceSelector:
                        matchLabels:
                          ring: ring-%d
                  ports:
                    - port: http
                      protocol: TCP
            """
                .formatted(open, at / ring)),
        policy(
            at,
            at == 0 ? "dns-server" : "ring",
            """
              podSelector: {%s}
              policyTypes: [%s]
              %s
                - %s
                    - namespaceSelector: {%s}
                  ports:
                    - port: 53
                      protocol: UDP
                    - port: 8080
            """
                .formatted(
                    at == 0 ? "matchLabels: {app: dns}" : "",
                    at == 0 ? "Ingress" : "Egress",
                    at == 0 ? "ingress:" : "egress:",
                    at == 0 ? "from:" : "to:",
                    at == 0 ? "" : "matchLabels: {ring: ring-" + at / ring + "}")));
  }

  private static String policy(int at, String name, String spec) {
    return """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: %s
      namespace: team-%d
    spec:
    """
            .formatted(name, at)
        + spec;
  }

  private static String name(int i) {
    return switch (i) {
      case 0 -> "api";
      case 1 -> "web";
      case 2 -> "db";
      case 3 -> "dns";
      default -> "worker-" + i;
    };
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
