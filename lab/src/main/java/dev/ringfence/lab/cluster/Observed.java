package dev.ringfence.lab.cluster;

import dev.ringfence.core.manifest.Admission;
import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.core.manifest.Manifests;
import dev.ringfence.core.manifest.SourceText;
import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.Kinds;
import dev.ringfence.lab.api.objects.ResourceKind;
import dev.ringfence.lab.api.registry.Registry;
import dev.ringfence.lab.scenario.Assigned;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// What the API holds, as core reads it.
///
/// Addresses that the lab itself gave are left out: they are given anew, the same.
record Observed(Registry registry) {
  private static final List<ResourceKind> READ =
      List.of(
          Kinds.NAMESPACE,
          Kinds.NODE,
          Kinds.DEPLOYMENT,
          Kinds.REPLICA_SET,
          Kinds.STATEFUL_SET,
          Kinds.POD,
          Kinds.SERVICE,
          Kinds.NETWORK_POLICY);

  private static final Set<String> FINISHED = Set.of("Succeeded", "Failed");

  /// Reads everything.
  ///
  /// @param rest what the API does not keep, as JSON
  Loaded read(List<ObjectNode> rest, Assigned assigned) {
    List<SourceText> texts = new ArrayList<>();
    rest.forEach(one -> texts.add(text("manifest/" + Json.name(one), one)));
    for (ResourceKind kind : READ) {
      for (ObjectNode object : registry.list(kind)) {
        String id = kind.singular() + "/" + Json.namespace(object) + "/" + Json.name(object);
        texts.add(text(id, bare(kind, object, assigned)));
      }
    }
    return Manifests.read(texts, Admission.STORED);
  }

  private static SourceText text(String name, ObjectNode object) {
    return new SourceText(name, new ByteArrayInputStream(Json.bytes(object)));
  }

  private static ObjectNode bare(ResourceKind kind, ObjectNode object, Assigned assigned) {
    ObjectNode out = object.deepCopy();
    Json.objectIn(out, "metadata").remove(List.of("managedFields", "annotations"));
    if (kind.equals(Kinds.DEPLOYMENT)
        || kind.equals(Kinds.REPLICA_SET)
        || kind.equals(Kinds.STATEFUL_SET)) {
      Json.objectIn(out, "spec").put("replicas", 0); // their pods are here themselves
    }
    if (kind.equals(Kinds.POD) && isGiven(object, assigned)) {
      out.remove("status");
    }
    return out;
  }

  private static boolean isGiven(ObjectNode pod, Assigned assigned) {
    if (FINISHED.contains(Json.textAt(pod, "status", "phase"))) {
      return false;
    }
    List<String> addresses =
        Json.items(pod, "status", "podIPs").stream().map(one -> Json.textAt(one, "ip")).toList();
    String id = Json.namespace(pod) + "/pod/" + Json.name(pod);
    return addresses.isEmpty()
        || pod.path("spec").path("hostNetwork").asBoolean(false)
        || Optional.ofNullable(assigned.pods().get(id))
            .filter(place -> place.addresses().equals(addresses))
            .isPresent();
  }
}
