package dev.ringfence.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.cluster.ContainerPort;
import dev.ringfence.core.cluster.Phase;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.PodAddresses;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.cluster.Workload;
import dev.ringfence.core.manifest.Admission;
import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.core.manifest.Manifests;
import dev.ringfence.core.manifest.SourceText;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.lab.scenario.Assigned;
import dev.ringfence.lab.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Small clusters as manifests would give them.
public final class Worlds {
  private Worlds() {}

  /// A pod of a Deployment, without node and addresses.
  public static Pod pod(String namespace, String workload, int replica, int... ports) {
    return of(namespace, "Deployment", workload, workload + "-" + replica, ports);
  }

  public static Pod of(String namespace, String kind, String workload, String name, int... ports) {
    List<ContainerPort> declared = new ArrayList<>();
    for (int port : ports) {
      declared.add(new ContainerPort(Optional.empty(), Protocol.TCP, port));
    }
    return new Pod(
        new ObjectName(namespace, name),
        "",
        Map.of("app", workload),
        Optional.empty(),
        false,
        new PodAddresses.Unknown(),
        Phase.RUNNING,
        Optional.empty(),
        declared,
        new Workload(namespace, kind, workload));
  }

  /// The pod with these ports instead of its own.
  public static Pod listening(Pod pod, ContainerPort... ports) {
    return new Pod(
        pod.name(),
        pod.uid(),
        pod.labels(),
        pod.node(),
        pod.hostNetwork(),
        pod.addresses(),
        pod.phase(),
        pod.startTime(),
        List.of(ports),
        pod.workload());
  }

  public static Snapshot snapshot(Pod... pods) {
    return new Snapshot(List.of(), List.of(), List.of(pods), List.of());
  }

  /// The lab of these manifests, on two nodes.
  public static Scenario scenario(String manifests, Assigned remembered) {
    Loaded loaded = Manifests.read(List.of(SourceText.of("test", manifests)), Admission.WRITTEN);
    assertThat(loaded.refused()).as(loaded.problems().toString()).isFalse();
    return Scenario.of(loaded.snapshot(), loaded.policies(), loaded.outside(), 2, remembered);
  }
}
