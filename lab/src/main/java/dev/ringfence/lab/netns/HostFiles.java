package dev.ringfence.lab.netns;

import dev.ringfence.core.cluster.OutsideHost;
import dev.ringfence.lab.scenario.End;
import dev.ringfence.lab.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// Names inside the namespaces: `ip netns exec` shows what lies in `/etc/netns/NAME` as `/etc`.
///
/// A file is written when it changes: most changes of a lab change no name.
public final class HostFiles {
  private static final Path FOLDER = Path.of("/etc/netns");

  /// Whoever is not in the file is nobody: asking the host's name server would leave the lab.
  private static final String NO_NAME_SERVER = "# The lab's names are in /etc/hosts.\n";

  private final Instance instance;
  private final Map<String, String> written = new HashMap<>();

  /// For namespaces that have no files yet.
  public HostFiles(Instance instance) {
    this.instance = instance;
  }

  /// Writes the files of every namespace of the scenario.
  public void write(Scenario scenario) throws IOException {
    HostNames names = new HostNames(scenario);
    Map<String, String> perNamespace = new TreeMap<>();
    for (End.OfPod pod : scenario.pods()) {
      String hosts = perNamespace.computeIfAbsent(pod.pod().namespace(), names::seenFrom);
      write(instance.pod(pod.pod()), hosts);
    }
    String everywhere = names.seenFrom("");
    for (String node : scenario.snapshot().nodes().keySet()) {
      write(instance.node(node), everywhere);
    }
    write(instance.outside(), everywhere);
    for (OutsideHost host : scenario.outside()) {
      write(instance.host(host), everywhere);
    }
  }

  private void write(String namespace, String hosts) throws IOException {
    if (hosts.equals(written.get(namespace))) {
      return;
    }
    Path folder = FOLDER.resolve(namespace);
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("hosts"), hosts);
    if (Files.exists(Path.of("/etc/resolv.conf"))) { // else there is nothing to lay ours over
      Files.writeString(folder.resolve("resolv.conf"), NO_NAME_SERVER);
    }
    written.put(namespace, hosts);
  }
}
