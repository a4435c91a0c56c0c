package dev.ringfence.lab.netns;

import dev.ringfence.core.cluster.OutsideHost;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Service;
import dev.ringfence.core.model.Address;
import dev.ringfence.lab.scenario.End;
import dev.ringfence.lab.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Names inside the namespaces: `ip netns exec` shows what lies in `/etc/netns/NAME` as `/etc`.
///
/// A Service's name stands for its own addresses; a headless one's for those of its pods (S110).
public final class HostFiles {
  private static final Path FOLDER = Path.of("/etc/netns");

  /// Whoever is not in the file is nobody: asking the host's name server would leave the lab.
  private static final String NO_NAME_SERVER = "# The lab's names are in /etc/hosts.\n";

  private final Scenario scenario;

  private HostFiles(Scenario scenario) {
    this.scenario = scenario;
  }

  /// Writes the files of every namespace of the scenario.
  public static void write(Instance instance, Scenario scenario) throws IOException {
    HostFiles files = new HostFiles(scenario);
    Map<String, String> perNamespace = new TreeMap<>();
    for (End.OfPod pod : scenario.pods()) {
      String hosts = perNamespace.computeIfAbsent(pod.pod().namespace(), name -> files.hosts(name));
      write(instance.pod(pod.pod()), hosts);
    }
    String everywhere = files.hosts("");
    for (String node : scenario.snapshot().nodes().keySet()) {
      write(instance.node(node), everywhere);
    }
    write(instance.outside(), everywhere);
    for (OutsideHost host : scenario.outside()) {
      write(instance.host(host), everywhere);
    }
  }

  private static void write(String namespace, String hosts) throws IOException {
    Path folder = FOLDER.resolve(namespace);
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("hosts"), hosts);
    if (Files.exists(Path.of("/etc/resolv.conf"))) { // else there is nothing to lay ours over
      Files.writeString(folder.resolve("resolv.conf"), NO_NAME_SERVER);
    }
  }

  /// The `hosts` file as pods of this namespace see it; short names are those of their own.
  private String hosts(String namespace) {
    StringBuilder out = new StringBuilder("127.0.0.1 localhost\n::1 localhost\n");
    for (End end : scenario.ends()) {
      end.asPod().ifPresent(pod -> lines(out, end.addresses(), names(pod, namespace)));
    }
    for (Service service : scenario.snapshot().services().values()) {
      lines(out, addresses(service), names(service, namespace));
    }
    for (OutsideHost host : scenario.outside()) {
      lines(out, host.addresses(), List.of(host.name()));
    }
    return out.toString();
  }

  private static void lines(StringBuilder out, Iterable<Address> addresses, List<String> names) {
    String all = String.join(" ", names);
    addresses.forEach(address -> out.append(address).append(' ').append(all).append('\n'));
  }

  private static List<String> names(Pod pod, String seenFrom) {
    List<String> out = new ArrayList<>();
    if (pod.namespace().equals(seenFrom)) {
      out.add(pod.name().name());
    }
    out.add(pod.name().name() + "." + pod.namespace());
    return out;
  }

  private static List<String> names(Service service, String seenFrom) {
    String name = service.name().name();
    String whole = name + "." + service.name().namespace();
    List<String> out = new ArrayList<>();
    if (service.name().namespace().equals(seenFrom)) {
      out.add(name);
    }
    out.addAll(List.of(whole, whole + ".svc", whole + ".svc.cluster.local"));
    return out;
  }

  private Collection<Address> addresses(Service service) {
    if (service.access().externalName().isPresent()) {
      String other = service.access().externalName().get();
      return scenario.outside().stream()
          .filter(host -> host.name().equals(other))
          .flatMap(host -> host.addresses().stream())
          .toList();
    }
    return service.access().headless() ? backends(service) : service.clusterIps();
  }

  private Set<Address> backends(Service service) {
    Set<Address> out = new LinkedHashSet<>();
    for (End end : scenario.ends()) {
      end.asPod().filter(service::selects).ifPresent(pod -> out.addAll(end.addresses()));
    }
    return out;
  }
}
