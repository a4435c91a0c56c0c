package dev.ringfence.benchmarks;

import dev.ringfence.kubernetes.ClusterAccess;
import dev.ringfence.lab.control.LabClient;
import dev.ringfence.lab.netns.Instance;
import dev.ringfence.report.LabStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// In a running lab, from the start of `kubectl apply` of a policy to the first packet that it
/// denies, one being sent every millisecond; and the same from the request on, by a client that
/// stands ready.
///
/// Arguments: the launcher (`./ringfence`), rounds (50), pods beside the two that talk (18).
final class LabApply {
  private static final String POLICY =
      """
      {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
       "metadata": {"name": "nobody", "namespace": "shop"},
       "spec": {"podSelector": {"matchLabels": {"app": "server"}}, "policyTypes": ["Ingress"]}}
      """;

  private static final String PATH =
      "/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies/nobody";
  private static final int WARM = 5;

  private final LabClient lab;
  private final Path folder;
  private final Steady packets;

  /// Milliseconds from a beginning.
  ///
  /// @param denied until the first packet that did not arrive was sent
  /// @param answered until whoever asked was told
  private record Took(double denied, double answered) {}

  /// What puts the policy in force.
  private interface Deed {
    void run() throws Exception;
  }

  private LabApply(LabClient lab, Path folder, Steady packets) {
    this.lab = lab;
    this.folder = folder;
    this.packets = packets;
  }

  public static void main(String[] args) throws Exception {
    String launcher = Path.of(args[0]).toAbsolutePath().toString();
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 50;
    int others = args.length > 2 ? Integer.parseInt(args[2]) : 18;
    Instance instance = new Instance("bench" + ProcessHandle.current().pid());
    LabClient lab = new LabClient(instance);
    Path folder = Files.createTempDirectory("ringfence-lab-apply");
    Path shop = Files.createDirectory(folder.resolve("shop"));
    Files.writeString(shop.resolve("shop.yaml"), pods("server", 1) + pods("client", 1));
    Files.writeString(shop.resolve("others.yaml"), pods("other", others));
    Files.writeString(folder.resolve("policy.json"), POLICY);
    try {
      run(List.of(launcher, "lab", "up", "--instance=" + instance.name(), shop.toString()));
      try (Steady packets = Steady.between(end(lab, "client-1"), end(lab, "server-1"))) {
        new LabApply(lab, folder, packets).measure(rounds);
      }
    } finally {
      lab.down(step -> {});
      Commands.delete(folder);
    }
  }

  private static String pods(String app, int replicas) {
    return """
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: %1$s, namespace: shop}
    spec:
      replicas: %2$d
      selector: {matchLabels: {app: %1$s}}
      template:
        metadata: {labels: {app: %1$s}}
        spec: {containers: [{name: main, image: main}]}
    """
        .formatted(app, replicas);
  }

  private static LabStatus.EndStatus end(LabClient lab, String pod) {
    return lab.status().ends().stream()
        .filter(one -> one.id().equals("shop/pod/" + pod))
        .findFirst()
        .orElseThrow();
  }

  private void measure(int rounds) throws Exception {
    List<Took> whole = new ArrayList<>();
    List<Took> request = new ArrayList<>();
    try (ClusterAccess api =
        ClusterAccess.of(Optional.of(lab.kubeconfig().toString()), Optional.empty())) {
      for (int round = -WARM; round < rounds; round++) {
        Took first = round(() -> kubectl("apply", "-f", folder.resolve("policy.json").toString()));
        Took second = round(() -> api.apply(PATH, POLICY));
        if (round >= 0) {
          whole.add(first);
          request.add(second);
        }
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%d rounds; ms, p50 (p95)%n%-28s %-18s %s%n",
        rounds,
        "from the start of",
        "to a packet denied",
        "to its end");
    print("kubectl apply", whole);
    print("the request", request);
  }

  private static void print(String what, List<Took> all) {
    double[] denied = all.stream().mapToDouble(Took::denied).toArray();
    double[] answered = all.stream().mapToDouble(Took::answered).toArray();
    System.out.printf(
        Locale.ROOT,
        "%-28s %7.1f (%7.1f)  %7.1f (%7.1f)%n",
        what,
        Rounds.quantile(denied, 0.5),
        Rounds.quantile(denied, 0.95),
        Rounds.quantile(answered, 0.5),
        Rounds.quantile(answered, 0.95));
  }

  private Took round(Deed deed) throws Exception {
    packets.awaitPassing();
    long began = System.nanoTime();
    deed.run();
    long answered = System.nanoTime();
    long denied = packets.firstLost(began);
    kubectl("delete", "-f", folder.resolve("policy.json").toString());
    return new Took((denied - began) / 1e6, (answered - began) / 1e6);
  }

  private void kubectl(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("env", "HOME=" + folder, "KUBECONFIG=" + lab.kubeconfig()));
    command.add("kubectl");
    command.addAll(List.of(arguments));
    run(command);
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    int exit =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IllegalStateException("exit code " + exit + ": " + String.join(" ", command));
    }
  }
}
