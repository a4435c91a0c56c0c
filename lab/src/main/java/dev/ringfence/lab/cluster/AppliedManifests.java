package dev.ringfence.lab.cluster;

import dev.ringfence.core.manifest.FieldValidation;
import dev.ringfence.lab.api.objects.ApiError;
import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.Kinds;
import dev.ringfence.lab.api.objects.ResourceKind;
import dev.ringfence.lab.api.registry.DeleteOptions;
import dev.ringfence.lab.api.registry.Registry;
import dev.ringfence.lab.api.registry.WriteOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The manifests that the API was given, remembered so that only what changes in them is given
/// again: what `kubectl` did to the rest stays.
final class AppliedManifests {
  private static final WriteOptions OURS =
      new WriteOptions("ringfence-lab-up", false, FieldValidation.IGNORE);
  private static final List<String> NOT_SAID =
      List.of(
          "uid",
          "resourceVersion",
          "creationTimestamp",
          "deletionTimestamp",
          "generation",
          "managedFields",
          "selfLink");

  private final Path file;
  private final Registry registry;
  private final Deployments deployments;
  private List<ObjectNode> refused = List.of();

  AppliedManifests(Path file, Registry registry, Deployments deployments) {
    this.file = file;
    this.registry = registry;
    this.deployments = deployments;
  }

  /// Those that the API did not take last time.
  List<ObjectNode> refused() {
    return refused;
  }

  /// Makes, changes and deletes what differs from the manifests that were taken last.
  ///
  /// @param nodesToo makes the nodes that pods name
  /// @return why some were not taken, a line each
  List<String> take(List<ObjectNode> objects, boolean nodesToo) throws IOException {
    Map<String, ObjectNode> before = byId(remembered());
    Map<String, ObjectNode> now = byId(objects);
    List<String> complaints = new ArrayList<>();
    List<ObjectNode> not = new ArrayList<>();
    before.forEach((id, object) -> {
      if (!now.containsKey(id)) {
        delete(object);
      }
    });
    now.forEach((id, object) -> {
      if (object.equals(before.get(id))) {
        return;
      }
      try {
        write(object);
        if (nodesToo) {
          make(Kinds.NODE, Json.textAt(object, "spec", "nodeName"));
        }
      } catch (ApiError error) {
        complaints.add(id + ": " + error.getMessage());
        not.add(object);
      }
    });
    refused = List.copyOf(not);
    ArrayNode kept = Json.array();
    now.values().stream().filter(one -> !not.contains(one)).forEach(kept::add);
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.write(fresh, Json.bytes(kept));
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return complaints;
  }

  private List<ObjectNode> remembered() throws IOException {
    List<ObjectNode> out = new ArrayList<>();
    if (Files.exists(file)) {
      try {
        Json.read(Files.readAllBytes(file)).forEach(one -> out.add((ObjectNode) one));
      } catch (JacksonException damaged) {
        return List.of();
      }
    }
    return out;
  }

  private static Map<String, ObjectNode> byId(List<ObjectNode> objects) {
    Map<String, ObjectNode> out = new LinkedHashMap<>();
    for (ObjectNode object : objects) {
      ResourceKind kind = Texts.kind(object).orElseThrow();
      out.put(
          kind.singular() + "/" + Texts.namespace(kind, object) + "/" + Json.name(object), object);
    }
    return out;
  }

  private void delete(ObjectNode object) {
    ResourceKind kind = Texts.kind(object).orElseThrow();
    String namespace = Texts.namespace(kind, object);
    if (registry.find(kind, namespace, Json.name(object)).isPresent()) {
      registry.delete(kind, namespace, Json.name(object), DeleteOptions.PLAIN);
    }
  }

  private void write(ObjectNode manifest) {
    ResourceKind kind = Texts.kind(manifest).orElseThrow();
    String namespace = Texts.namespace(kind, manifest);
    String name = Json.name(manifest);
    ObjectNode object = manifest.deepCopy();
    ObjectNode meta = Json.objectIn(object, "metadata");
    meta.remove(NOT_SAID);
    owners(meta, namespace);
    if (kind.namespaced()) {
      make(Kinds.NAMESPACE, namespace);
    }
    Optional<ObjectNode> there = registry.find(kind, namespace, name);
    if (there.isPresent() && kind.equals(Kinds.POD)) {
      registry.delete(kind, namespace, name, DeleteOptions.PLAIN); // little of a pod can change
      there = Optional.empty();
    }
    if (there.isPresent()) {
      registry.update(kind, namespace, name, "", OURS, live -> object.deepCopy());
    } else {
      registry.create(kind, namespace, object, OURS);
    }
    if (object.get("status") instanceof ObjectNode status
        && (kind.equals(Kinds.POD) || kind.equals(Kinds.SERVICE))) {
      registry.updateStatus(
          kind,
          namespace,
          name,
          OURS.manager(),
          live -> {
            live.set("status", status.deepCopy());
            return live;
          });
    }
  }

  private void make(ResourceKind kind, String name) {
    if (!name.isEmpty() && registry.find(kind, "", name).isEmpty()) {
      ObjectNode object = Json.object();
      object.putObject("metadata").put("name", name);
      registry.create(kind, "", object, OURS);
    }
  }

  /// Of a dumped cluster the owners have other uids here, or were not dumped.
  private void owners(ObjectNode meta, String namespace) {
    for (JsonNode one : Json.items(meta, "ownerReferences")) {
      String name = Json.textAt(one, "name");
      Kinds.ALL.stream()
          .filter(kind -> kind.kind().equals(Json.textAt(one, "kind")))
          .findFirst()
          .flatMap(kind -> registry.find(kind, kind.namespaced() ? namespace : "", name))
          .or(() ->
              deployments.leftOut(namespace, name, Json.textAt(meta, "labels", Templates.HASH)))
          .ifPresent(owner -> ((ObjectNode) one).put("uid", Json.textAt(owner, "metadata", "uid")));
    }
  }
}
