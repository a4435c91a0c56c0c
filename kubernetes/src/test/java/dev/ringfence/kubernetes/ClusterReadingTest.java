package dev.ringfence.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.cluster.EndpointSlice;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.manifest.Admission;
import dev.ringfence.core.manifest.LiveKind;
import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.core.manifest.Manifests;
import dev.ringfence.core.manifest.SourceText;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.Protocol;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A cluster as those see it who ask once, and files laid over it.
final class ClusterReadingTest {
  private final FaultyServer server = new FaultyServer();

  private void pod(String name, String labels, String owner) {
    server.set(
        LiveKind.POD,
        name,
        """
        {"metadata":{"name":"%s","namespace":"shop","resourceVersion":"%%s","labels":{%s},
        "ownerReferences":[{"apiVersion":"apps/v1",%s,"uid":"u","controller":true}]},
        "spec":{"nodeName":"n","containers":[{"name":"c"}]},
        "status":{"phase":"Running","podIPs":[{"ip":"10.0.0.%d"}]}}\
        """
            .formatted(name, labels, owner, name.length()));
  }

  private Loaded live() throws Exception {
    return ClusterReading.of(server);
  }

  private static Loaded files(String labels) {
    String text =
        """
        {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: %s}
            spec: {containers: [{name: c, image: i}]}
        """
            .formatted(labels);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Manifests.read(
        List.of(new SourceText("a", new ByteArrayInputStream(bytes))), Admission.WRITTEN);
  }

  private static List<String> workloads(Loaded loaded) {
    return loaded.snapshot().pods().values().stream().map(pod -> pod.workload().id()).toList();
  }

  @Test
  void aPodIsNamedAfterTheDeploymentOfItsReplicaSet() throws Exception {
    String hash = "\"pod-template-hash\":\"6d4f\"";
    pod("a", hash, "\"kind\":\"ReplicaSet\",\"name\":\"web-6d4f\"");
    pod("bb", hash, "\"kind\":\"ReplicaSet\",\"name\":\"web-7\"");
    pod("ccc", "", "\"kind\":\"ReplicaSet\",\"name\":\"web-6d4f\"");
    pod("dddd", hash, "\"kind\":\"Rollout\",\"name\":\"web-6d4f\"");
    pod("eeeee", hash, "\"kind\":\"ReplicaSet\",\"name\":\"-6d4f\"");
    assertThat(workloads(live()))
        .containsExactly(
            "shop/deployment/web",
            "shop/replicaset/web-7",
            "shop/replicaset/web-6d4f",
            "shop/rollout/web-6d4f",
            "shop/replicaset/-6d4f");
  }

  @Test
  void endpointSlicesSayWhoIsBehindAServiceWithoutSelector() throws Exception {
    server.set(
        LiveKind.ENDPOINT_SLICE,
        "s",
        """
        {"metadata":{"name":"s","namespace":"shop","resourceVersion":"%s",
        "labels":{"kubernetes.io/service-name":"far"}},"addressType":"IPv4",
        "endpoints":[{"addresses":["203.0.113.7"]},
        {"addresses":["203.0.113.8"],"conditions":{"ready":false}},
        {"addresses":["203.0.113.9"],"conditions":{"ready":true}}],
        "ports":[{"name":"","port":443,"protocol":"TCP"}]}\
        """);
    EndpointSlice slice = live().snapshot().slices().values().iterator().next();
    assertThat(slice.of()).isEqualTo(new ObjectName("shop", "far"));
    assertThat(slice.ready()).containsExactly(Address.of("203.0.113.7"), Address.of("203.0.113.9"));
    assertThat(slice.ports())
        .containsExactly(new EndpointSlice.Port(Optional.empty(), Protocol.TCP, 443));
  }

  @Test
  void livePodsStandForAWorkloadUnlessItsTemplateMakesOthers() throws Exception {
    pod(
        "web-6d4f-x",
        "\"app\":\"web\",\"pod-template-hash\":\"6d4f\"",
        "\"kind\":\"ReplicaSet\",\"name\":\"web-6d4f\"");
    Loaded same = files("{app: web}").over(live());
    assertThat(same.refused()).as(same.problems().toString()).isFalse();
    assertThat(names(same)).containsExactly("shop/web-6d4f-x");
    assertThat(names(files("{app: web, tier: front}").over(live())))
        .containsExactly("shop/web-1", "shop/web-2");
  }

  private static List<String> names(Loaded loaded) {
    return loaded.snapshot().pods().values().stream().map(Pod::name).map(Object::toString).toList();
  }
}
