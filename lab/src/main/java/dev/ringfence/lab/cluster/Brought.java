package dev.ringfence.lab.cluster;

import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Service;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.Kinds;
import dev.ringfence.lab.api.registry.Registry;
import dev.ringfence.lab.api.registry.WriteOptions;
import dev.ringfence.lab.scenario.Scenario;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Tells the API what a scenario in force has given its objects: nodes, addresses, that they run.
record Brought(Registry registry, Events events) {
  private static final WriteOptions OURS = WriteOptions.by("ringfence-node");

  /// Every node as an object.
  void makeNodes(Scenario scenario) {
    for (Node node : scenario.snapshot().nodes().values()) {
      if (registry.find(Kinds.NODE, "", node.name()).isEmpty()) {
        registry.create(Kinds.NODE, "", object(node), OURS);
      }
    }
    nodes(scenario);
  }

  /// What the nodes have been given; one that is deleted meanwhile stays so, unless it was the
  /// last: then those that the lab makes of itself take its place.
  void nodes(Scenario scenario) {
    if (registry.list(Kinds.NODE).isEmpty()) {
      makeNodes(scenario);
    }
    for (Node node : scenario.snapshot().nodes().values()) {
      registry
          .find(Kinds.NODE, "", node.name())
          .ifPresent(there -> events.trying(there, () -> node(node, there)));
    }
  }

  private void node(Node node, ObjectNode there) {
    if (Json.items(there, "spec", "podCIDRs").isEmpty()) {
      registry.update(Kinds.NODE, "", node.name(), "", OURS, live -> spec(node, live));
    }
    if (Json.items(there, "status", "addresses").isEmpty()) {
      registry.updateStatus(
          Kinds.NODE, "", node.name(), OURS.manager(), live -> status(node, live));
    }
  }

  private static ObjectNode object(Node node) {
    ObjectNode out = Json.object();
    ObjectNode labels = out.putObject("metadata").put("name", node.name()).putObject("labels");
    node.labels().forEach(labels::put);
    return status(node, spec(node, out));
  }

  private static ObjectNode spec(Node node, ObjectNode object) {
    ObjectNode spec = Json.objectIn(object, "spec");
    if (!node.podCidrs().isEmpty()) {
      spec.put("podCIDR", node.podCidrs().getFirst().toString());
      ArrayNode all = spec.putArray("podCIDRs");
      node.podCidrs().stream().map(Cidr::toString).forEach(all::add);
    }
    return object;
  }

  private static ObjectNode status(Node node, ObjectNode object) {
    ObjectNode status = Json.objectIn(object, "status");
    ArrayNode addresses = status.putArray("addresses");
    for (Address address : node.addresses()) {
      addresses.addObject().put("type", "InternalIP").put("address", address.toString());
    }
    addresses.addObject().put("type", "Hostname").put("address", node.name());
    String now = Events.now();
    status
        .putArray("conditions")
        .addObject()
        .put("type", "Ready")
        .put("status", "True")
        .put("reason", "LabNode")
        .put("message", "its network namespace is there")
        .put("lastHeartbeatTime", now)
        .put("lastTransitionTime", now);
    return object;
  }

  void pods(Scenario scenario) {
    for (Pod pod : scenario.snapshot().pods().values()) {
      Optional<ObjectNode> there = registry.find(Kinds.POD, pod.namespace(), pod.name().name());
      if (there.isPresent() && !pod.phase().finished()) {
        Optional<Node> node = pod.node().map(name -> scenario.snapshot().nodes().get(name));
        events.trying(there.get(), () -> pod(pod, node, there.get()));
      }
    }
  }

  private void pod(Pod pod, Optional<Node> node, ObjectNode there) {
    String name = pod.name().name();
    if (Json.textAt(there, "spec", "nodeName").isEmpty() && node.isPresent()) {
      registry.update(
          Kinds.POD,
          pod.namespace(),
          name,
          "",
          OURS,
          live -> {
            Json.objectIn(live, "spec").put("nodeName", node.get().name());
            return live;
          });
    }
    PodStatus.differing(there, pod, node)
        .ifPresent(status ->
            registry.updateStatus(
                Kinds.POD,
                pod.namespace(),
                name,
                OURS.manager(),
                live -> {
                  live.set("status", status);
                  return live;
                }));
  }

  void services(Scenario scenario) {
    for (Service service : scenario.snapshot().services().values()) {
      String namespace = service.name().namespace();
      String name = service.name().name();
      Optional<ObjectNode> there = registry.find(Kinds.SERVICE, namespace, name);
      if (there.isPresent()
          && Json.textAt(there.get(), "spec", "clusterIP").isEmpty()
          && !service.clusterIps().isEmpty()) {
        events.trying(
            there.get(),
            () ->
                registry.update(
                    Kinds.SERVICE, namespace, name, "", OURS, live -> addresses(service, live)));
      }
    }
  }

  private static ObjectNode addresses(Service service, ObjectNode live) {
    ObjectNode spec = Json.objectIn(live, "spec");
    List<String> ips = service.clusterIps().stream().map(Address::toString).toList();
    spec.put("clusterIP", ips.getFirst());
    ArrayNode all = spec.putArray("clusterIPs");
    ips.forEach(all::add);
    ArrayNode families = spec.putArray("ipFamilies");
    service.clusterIps().forEach(ip -> families.add(ip.family().toString().replace("V", "v")));
    if (!spec.has("ipFamilyPolicy")) {
      spec.put("ipFamilyPolicy", ips.size() > 1 ? "PreferDualStack" : "SingleStack");
    }
    List<JsonNode> ports = Json.items(spec, "ports");
    for (int i = 0; i < Math.min(ports.size(), service.ports().size()); i++) {
      ObjectNode port = (ObjectNode) ports.get(i);
      service.ports().get(i).nodePort().ifPresent(number -> port.put("nodePort", number));
    }
    return live;
  }
}
