package dev.ringfence.benchmarks;

import dev.ringfence.lab.netns.Inside;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// The agent as a process on an API of its own: cold start, memory, a change of one remote pod, and
/// what it costs when nothing happens.
///
/// Arguments: the launcher (`./ringfence`), how many pods (100,000), how many changes (300).
final class LiveAgent {
  private static final String SPACE = "rf-bench-live-" + ProcessHandle.current().pid();
  private static final int IDLE_SECONDS = 20;

  private LiveAgent() {}

  public static void main(String[] args) throws Exception {
    String launcher = Path.of(args[0]).toAbsolutePath().toString();
    int pods = args.length > 1 ? Integer.parseInt(args[1]) : 100_000;
    int changes = args.length > 2 ? Integer.parseInt(args[2]) : 300;
    // Else the JDK's server keeps what is small back for up to 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    Ip.run("", "ip", "netns", "add", SPACE);
    try {
      Ip.batch(SPACE, "link set lo up");
      Path kubeconfig = Files.createTempFile("ringfence", ".kubeconfig");
      try (ApiTown town = Inside.call(SPACE, () -> new ApiTown(pods))) {
        Files.writeString(kubeconfig, kubeconfig(town.port()));
        measure(launcher, kubeconfig, town, pods, changes);
      } finally {
        Files.delete(kubeconfig);
      }
    } finally {
      Ip.run("", "ip", "netns", "del", SPACE);
    }
  }

  private static String kubeconfig(int port) {
    return """
    apiVersion: v1
    kind: Config
    clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
    contexts: [{name: c, context: {cluster: c, user: u}}]
    users: [{name: u, user: {}}]
    current-context: c
    """
        .formatted(port);
  }

  private static void measure(String launcher, Path kubeconfig, ApiTown town, int pods, int changes)
      throws Exception {
    long began = System.nanoTime();
    Process agent =
        new ProcessBuilder(
                "ip",
                "netns",
                "exec",
                SPACE,
                launcher,
                "agent",
                "--node",
                "node-0",
                "--kubeconfig",
                kubeconfig.toString(),
                "--proof-interval",
                "0")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(agent.getInputStream(), StandardCharsets.UTF_8))) {
      String first = Objects.requireNonNull(lines.readLine(), "the agent said nothing");
      long inForce = System.nanoTime();
      System.out.printf(
          "%,d pods, %,d policies, %.0f MB of lists%n%s%n",
          pods, town.policies(), town.listedBytes() / 1e6, first);
      System.out.printf(
          "cold: %.2f s from the process's start, %.2f s from the lists' last byte%n",
          (inForce - began) / 1e9, (inForce - town.lastListByte()) / 1e9);
      town.awaitWatch();
      Thread.sleep(2000);
      long[] micros = new long[changes];
      for (int i = 0; i < changes; i++) {
        // A pod of another node becomes one that is let in here, and then it is no longer one.
        int pod = 100 + i / 2 * 37 % (pods - 100);
        long sent = town.relabel(pod, (pod + (i + 1) % 2) % 10);
        lines.readLine();
        micros[i] = (System.nanoTime() - sent) / 1000;
        Thread.sleep(10);
      }
      Arrays.sort(micros);
      System.out.printf(
          "one remote pod, from the event's last byte to the line that says it is in force: "
              + "p50 %.2f ms, p99 %.2f ms%n",
          micros[changes / 2] / 1e3, micros[changes * 99 / 100] / 1e3);
      long before = ticks(agent.pid());
      Thread.sleep(IDLE_SECONDS * 1000L);
      System.out.printf(
          "idle: %.4f cores over %d s%n",
          (ticks(agent.pid()) - before) / 100.0 / IDLE_SECONDS, IDLE_SECONDS);
      System.out.printf(
          "memory: %s MB resident, %s MB at most%n",
          status(agent.pid(), "VmRSS"), status(agent.pid(), "VmHWM"));
    } finally {
      agent.destroy();
      agent.waitFor();
    }
  }

  /// Hundredths of a second of processor time.
  private static long ticks(long pid) throws Exception {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
    return Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12));
  }

  private static String status(long pid, String what) throws Exception {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith(what + ":")) {
        return String.valueOf(Long.parseLong(line.replaceAll("[^0-9]", "")) / 1000);
      }
    }
    return "?";
  }
}
