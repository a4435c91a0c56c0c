package dev.ringfence.e2e;

import dev.ringfence.e2e.wire.Space;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// kube-apiserver and etcd on the loopback of a network namespace.
final class RealApiServer implements AutoCloseable {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(90);
  private static final String ETCD = "http://127.0.0.1:2379";
  private static final String URL = "https://127.0.0.1:6443";

  private final Space space;
  private final Path folder;
  private final String binary;
  private final String token;
  private final Process etcd;
  private @Nullable Process server;

  private RealApiServer(Space space, Path folder, String binary) throws IOException {
    this.space = space;
    this.folder = folder;
    this.binary = binary;
    byte[] secret = new byte[16];
    new SecureRandom().nextBytes(secret);
    this.token = HexFormat.of().formatHex(secret);
    this.etcd =
        start(
            "etcd",
            "etcd",
            "--data-dir=" + folder.resolve("etcd"),
            "--listen-client-urls=" + ETCD,
            "--advertise-client-urls=" + ETCD,
            "--listen-peer-urls=http://127.0.0.1:2380",
            "--unsafe-no-fsync");
  }

  /// Starts both, and waits until they answer.
  static RealApiServer in(Space space, Path folder, String binary) throws Exception {
    RealApiServer out = new RealApiServer(space, folder, binary);
    try {
      Files.writeString(
          Files.createFile(
              out.tokens(),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))),
          out.token + ",admin,admin,system:masters\n");
      space.run("openssl", "genrsa", "-out", out.key().toString(), "2048");
      Files.writeString(
          out.kubeconfig(),
          """
          apiVersion: v1
          kind: Config
          clusters: [{name: real, cluster: {server: "%s", insecure-skip-tls-verify: true}}]
          users: [{name: admin, user: {token: "%s"}}]
          contexts: [{name: real, context: {cluster: real, user: admin, namespace: shop}}]
          current-context: real
          """
              .formatted(URL, out.token));
      Files.writeString(
          out.auditPolicy(),
          """
          {"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "omitStages": ["RequestReceived"],
          "rules": [{"level": "Metadata"}]}
          """);
      out.up();
      return out;
    } catch (Exception failed) {
      out.close();
      throw failed;
    }
  }

  private Path tokens() {
    return folder.resolve("tokens.csv");
  }

  private Path key() {
    return folder.resolve("sa.key");
  }

  Path kubeconfig() {
    return folder.resolve("kubeconfig");
  }

  private Path auditPolicy() {
    return folder.resolve("audit.yaml");
  }

  /// A line of JSON for each answer of the server, and for each watch also its beginning.
  Path auditLog() {
    return folder.resolve("audit.log");
  }

  /// For a service account, whose token is in a file, as in a pod.
  Path kubeconfigOf(String namespace, String account) throws IOException {
    Path token = folder.resolve(account + ".token");
    Files.writeString(token, kubectl("create", "token", account, "-n", namespace));
    return Files.writeString(
        folder.resolve(account + ".kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: real, cluster: {server: "%s", certificate-authority: "%s"}}]
        users: [{name: account, user: {tokenFile: "%s"}}]
        contexts: [{name: real, context: {cluster: real, user: account}}]
        current-context: real
        """
            .formatted(URL, folder.resolve("certs").resolve("apiserver.crt"), token));
  }

  /// Starts the server, on what etcd holds.
  void up() throws Exception {
    server =
        start(
            "apiserver",
            binary,
            "--etcd-servers=" + ETCD,
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",
            "--secure-port=6443",
            "--cert-dir=" + folder.resolve("certs"),
            "--service-account-issuer=https://ringfence.test",
            "--service-account-key-file=" + key(),
            "--service-account-signing-key-file=" + key(),
            "--token-auth-file=" + tokens(),
            "--authorization-mode=RBAC",
            "--service-cluster-ip-range=10.96.0.0/16",
            "--disable-admission-plugins=ServiceAccount",
            "--audit-policy-file=" + auditPolicy(),
            "--audit-log-path=" + auditLog(),
            "--endpoint-reconciler-type=none");
    long end = System.nanoTime() + PATIENCE;
    while (!isReady()) {
      if (System.nanoTime() > end || !server.isAlive()) {
        throw new IllegalStateException(Files.readString(folder.resolve("apiserver.log")));
      }
      Thread.sleep(100);
    }
  }

  private boolean isReady() {
    try {
      return kubectl("get", "--raw", "/readyz").equals("ok")
          && kubectl("get", "namespaces", "-o", "name").contains("namespace/default");
    } catch (IllegalStateException notYet) {
      return false;
    }
  }

  /// As `kill -9`; etcd stays.
  void kill() {
    Process running = server;
    if (running != null) {
      running.destroyForcibly().onExit().join();
    }
    server = null;
  }

  /// Has etcd forget everything that is over.
  void compact() {
    String status =
        space.run("curl", "-s", "-X", "POST", "-d", "{}", ETCD + "/v3/maintenance/status");
    String revision = status.replaceFirst(".*\"revision\":\"([0-9]+)\".*", "$1");
    String said =
        space.run(
            "curl",
            "-s",
            "-X",
            "POST",
            "-d",
            "{\"revision\":\"" + revision + "\",\"physical\":true}",
            ETCD + "/v3/kv/compaction");
    if (said.contains("error")) {
      throw new IllegalStateException(said);
    }
  }

  String kubectl(String... arguments) {
    List<String> all = command();
    all.addAll(Arrays.asList(arguments));
    return space.run(all.toArray(new String[0]));
  }

  void apply(String manifest) {
    List<String> all = command();
    all.addAll(List.of("apply", "--server-side", "--force-conflicts", "-f", "-"));
    space.feed(manifest, all.toArray(new String[0]));
  }

  private List<String> command() {
    return new ArrayList<>(
        List.of(
            "kubectl",
            "--kubeconfig=" + kubeconfig(),
            "--cache-dir=" + folder.resolve("kubectl"),
            "--request-timeout=10s"));
  }

  private Process start(String name, String... command) throws IOException {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", space.name()));
    all.addAll(Arrays.asList(command));
    return new ProcessBuilder(all)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve(name + ".log").toFile()))
        .start();
  }

  @Override
  public void close() {
    kill();
    etcd.destroyForcibly().onExit().join();
  }
}
