package dev.ringfence.lab.netns;

import dev.ringfence.core.cluster.OutsideHost;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Service;
import dev.ringfence.core.model.Address;
import dev.ringfence.lab.scenario.End;
import dev.ringfence.lab.scenario.Scenario;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Who is called what in the lab.
///
/// A Service's name stands for its own addresses; a headless one's for those of its pods (S110).
record HostNames(Scenario scenario) {
  /// The `hosts` file as pods of this namespace see it; short names are those of their own.
  String seenFrom(String namespace) {
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
