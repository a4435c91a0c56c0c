package dev.ringfence.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringfence.core.manifest.LiveKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who we are to a server, and whom we take for it, over real TLS.
final class CredentialsTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir private static Path keys;
  private static TestKeys serverKeys;
  private static TestKeys clientKeys;
  private static TestKeys otherKeys;

  @TempDir private Path folder;
  private final FaultyServer cluster = new FaultyServer();
  private SecureServer server;

  @BeforeAll
  static void make() throws Exception {
    serverKeys = TestKeys.make(keys, "server");
    clientKeys = TestKeys.make(keys, "client");
    otherKeys = TestKeys.make(keys, "other");
  }

  @BeforeEach
  void start() throws Exception {
    server = new SecureServer(cluster, serverKeys, clientKeys);
    cluster.set(LiveKind.POD, "a", Objects.pod("a", new SplittableRandom(1)));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String data(String pem) {
    return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8));
  }

  private ClusterAccess access(TestKeys ca, String user) throws Exception {
    Path file = folder.resolve("kubeconfig");
    Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "%s", certificate-authority-data: %s}}]
        users: [{name: u, user: %s}]
        contexts: [{name: c, context: {cluster: c, user: u}}]
        current-context: c
        """
            .formatted(server.url(), data(ca.certificate()), user));
    return ClusterAccess.of(Optional.of(file.toString()), Optional.empty());
  }

  private static int pods(ClusterAccess access) throws Exception {
    int[] count = {0};
    Listing.of(access, LiveKind.POD, object -> count[0]++);
    return count[0];
  }

  private static void until(BooleanSupplier wanted) throws InterruptedException {
    long end = System.nanoTime() + SOON.toNanos();
    while (!wanted.getAsBoolean() && System.nanoTime() < end) {
      Thread.sleep(10);
    }
    assertThat(wanted.getAsBoolean()).isTrue();
  }

  @Test
  void aTokenIsEnoughAndTheServerIsWhoTheKubeconfigSays() throws Exception {
    server.knows("Bearer t"::equals);
    try (ClusterAccess access = access(serverKeys, "{token: t}")) {
      assertThat(pods(access)).isEqualTo(1);
    }
    int before = server.asked().size();
    try (ClusterAccess access = access(otherKeys, "{token: t}")) {
      assertThatThrownBy(() -> pods(access)).isInstanceOf(IOException.class);
    }
    assertThat(server.asked()).as("the token is told to nobody else").hasSize(before);
  }

  @Test
  void whoNamesNoUserAsksAsNobody() throws Exception {
    server.knows(""::equals);
    Path file = folder.resolve("kubeconfig");
    Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "%s", insecure-skip-tls-verify: true}}]
        contexts: [{name: c, context: {cluster: c}}]
        current-context: c
        """
            .formatted(server.url()));
    try (ClusterAccess access = ClusterAccess.of(Optional.of(file.toString()), Optional.empty())) {
      assertThat(pods(access)).isEqualTo(1);
    }
  }

  @Test
  void aWrongTokenIsSaid() throws Exception {
    try (ClusterAccess access = access(serverKeys, "{token: t}")) {
      assertThatThrownBy(() -> pods(access))
          .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(401));
    }
  }

  @Test
  void aClientCertificateIsEnough() throws Exception {
    server.knows("CN=client"::equals);
    String user =
        "{client-certificate-data: %s, client-key-data: %s}"
            .formatted(data(clientKeys.certificate()), data(clientKeys.key()));
    try (ClusterAccess access = access(serverKeys, user)) {
      assertThat(pods(access)).isEqualTo(1);
    }
    String other =
        "{client-certificate-data: %s, client-key-data: %s}"
            .formatted(data(otherKeys.certificate()), data(otherKeys.key()));
    try (ClusterAccess access = access(serverKeys, other)) {
      assertThatThrownBy(() -> pods(access)).isInstanceOf(IOException.class);
    }
  }

  /// As kubelet renews those it gives away, and kubeadm those of the control plane.
  @Test
  void certificatesInFilesAreReadAgainOnceTheyChange() throws Exception {
    server.knows("CN=client"::equals);
    Path ca = Files.writeString(folder.resolve("ca.crt"), otherKeys.certificate());
    Path certificate = Files.writeString(folder.resolve("it.crt"), clientKeys.certificate());
    Path key = Files.writeString(folder.resolve("it.key"), clientKeys.key());
    Path file = folder.resolve("kubeconfig");
    Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "%s", certificate-authority: ca.crt}}]
        users: [{name: u, user: {client-certificate: %s, client-key: %s}}]
        contexts: [{name: c, context: {cluster: c, user: u}}]
        current-context: c
        """
            .formatted(server.url(), certificate, key));
    try (ClusterAccess access = ClusterAccess.of(Optional.of(file.toString()), Optional.empty())) {
      assertThatThrownBy(() -> pods(access)).isInstanceOf(IOException.class);
      Files.writeString(ca, "half of it");
      assertThatThrownBy(() -> pods(access)).isInstanceOf(IOException.class);
      Files.writeString(ca, serverKeys.certificate());
      assertThat(pods(access)).isEqualTo(1);
      assertThat(pods(access)).isEqualTo(1);
    }
  }

  private Path script(String token) throws Exception {
    Path runs = folder.resolve("runs");
    Path script = folder.resolve("plugin");
    Files.writeString(
        script,
        """
        #!/bin/sh
        echo run >> %s
        printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"expirationTimestamp":"2000-01-01T00:00:00Z","token":"%%s"}}' "$(cat %s)"
        """
            .formatted(runs, token));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script;
  }

  @Test
  void anExecPluginIsRunAgainWhenItsTokenIsOver() throws Exception {
    Path token = folder.resolve("token");
    Files.writeString(token, "one");
    server.knows("Bearer one"::equals);
    String user =
        "{exec: {apiVersion: client.authentication.k8s.io/v1, command: %s, interactiveMode: Never}}"
            .formatted(script(token.toString()));
    try (ClusterAccess access = access(serverKeys, user)) {
      assertThat(pods(access)).isEqualTo(1);
      server.knows("Bearer two"::equals);
      Files.writeString(token, "two");
      assertThat(pods(access)).isEqualTo(1);
      assertThat(Files.readAllLines(folder.resolve("runs"))).hasSizeGreaterThan(1);
    }
  }

  @Test
  void aTokenFileThatChangesIsReadAgain() throws Exception {
    Path token = folder.resolve("token");
    Files.writeString(token, "one");
    server.knows("Bearer one"::equals);
    try (ClusterAccess access = access(serverKeys, "{tokenFile: %s}".formatted(token))) {
      assertThat(pods(access)).isEqualTo(1);
      server.knows("Bearer two"::equals);
      Files.writeString(token, "two");
      assertThat(pods(access)).isEqualTo(1);
    }
  }

  /// As in a pod: no kubeconfig, files of a service account, which kubelet renews.
  @Test
  void aServiceAccountIsTheOneOfTheMoment() throws Exception {
    Path token = folder.resolve("token");
    Path ca = Files.writeString(folder.resolve("ca.crt"), serverKeys.certificate());
    Files.writeString(token, "one\n");
    server.knows(who -> true);
    Map<String, String> pod =
        Map.of(
            "KUBERNETES_SERVICE_HOST",
            "127.0.0.1",
            "KUBERNETES_SERVICE_PORT",
            server.url().replaceFirst(".*:", ""),
            "kubernetes.auth.tryKubeConfig",
            "false",
            "kubernetes.certs.ca.file",
            ca.toString(),
            "kubernetes.auth.serviceAccount.token",
            token.toString());
    pod.forEach(System::setProperty);
    try (ClusterAccess access = ClusterAccess.of(Optional.empty(), Optional.empty())) {
      assertThat(pods(access)).isEqualTo(1);
      Files.writeString(token, "two\n"); // while the old one is good still
      assertThat(pods(access)).isEqualTo(1);
      assertThat(server.asked()).containsExactly("Bearer one", "Bearer two");
      Files.delete(token);
      assertThat(pods(access)).isEqualTo(1);
    } finally {
      pod.keySet().forEach(System::clearProperty);
    }
  }

  @Test
  void aWatchGoesOnAfterA401() throws Exception {
    Path token = folder.resolve("token");
    Files.writeString(token, "one");
    server.knows("Bearer one"::equals);
    try (LiveCluster followed =
        LiveCluster.follow(
            access(serverKeys, "{tokenFile: %s}".formatted(token)), LiveCluster.ENFORCED)) {
      assertThat(followed.inbox().take(SOON)).isPresent();
      Files.writeString(token, "two");
      server.knows("Bearer two"::equals);
      cluster.cut(false);
      cluster.set(LiveKind.POD, "b", Objects.pod("b", new SplittableRandom(2)));
      assertThat(followed.inbox().take(SOON)).isPresent();
      until(() -> followed.status().stream().allMatch(one -> one.trouble().isEmpty()));
      assertThat(followed.status()).allMatch(one -> one.counts().lists() == 1);
    }
  }
}
