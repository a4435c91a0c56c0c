package dev.ringfence.lab.api.registry;

import dev.ringfence.lab.api.objects.ApiError;
import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.Kinds;
import dev.ringfence.lab.api.objects.LabelQuery;
import dev.ringfence.lab.api.objects.Metadata;
import dev.ringfence.lab.api.objects.ResourceKind;
import dev.ringfence.lab.api.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What must hold of a write, in the order in which a server looks (S130).
final class Rules {
  private static final Set<ResourceKind> TEMPLATED =
      Set.of(Kinds.DEPLOYMENT, Kinds.REPLICA_SET, Kinds.STATEFUL_SET, Kinds.DAEMON_SET);

  private Rules() {}

  static void sameNamespace(ResourceKind kind, String namespace, ObjectNode object) {
    String said = Json.namespace(object);
    if (kind.namespaced() && !said.isEmpty() && !said.equals(namespace)) {
      throw ApiError.badRequest(
          "the namespace of the provided object does not match the namespace sent on the request");
    }
  }

  /// It must be there, and not about to go.
  static void openNamespace(
      Optional<ObjectNode> found, String namespace, ResourceKind kind, ObjectNode object) {
    ObjectNode there = found.orElseThrow(() -> ApiError.notFound(Kinds.NAMESPACE, namespace));
    if (Json.textAt(there, "status", "phase").equals("Terminating")) {
      throw ApiError.forbidden(
          kind,
          Json.name(object),
          "unable to create new content in namespace "
              + namespace
              + " because it is being terminated");
    }
  }

  /// The same object, in the state that the writer has seen, if it says which.
  static void sameObject(ResourceKind kind, String name, ObjectNode live, ObjectNode object) {
    String said = Json.name(object);
    if (!said.isEmpty() && !said.equals(name)) {
      throw ApiError.badRequest(
          "the name of the object ("
              + said
              + ") does not match the name on the URL ("
              + name
              + ")");
    }
    String uid = Json.textAt(object, "metadata", "uid");
    String has = Json.textAt(live, "metadata", "uid");
    if (!uid.isEmpty() && !uid.equals(has)) {
      throw ApiError.conflict(
          kind,
          name,
          "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + has);
    }
    String version = Json.textAt(object, "metadata", "resourceVersion");
    if (!version.isEmpty()
        && !version.equals("0")
        && !version.equals(Json.textAt(live, "metadata", "resourceVersion"))) {
      throw ApiError.conflict(
          kind,
          name,
          "the object has been modified; please apply your changes to the latest version and try "
              + "again");
    }
  }

  /// A new object has not been seen to be anything yet; a node says itself how it is.
  static void bornStatus(ResourceKind kind, ObjectNode object) {
    if (kind.has("status") && !kind.equals(Kinds.NODE)) {
      object.remove("status");
    }
  }

  /// Of a write to the status, the rest is as it was.
  static void onlyStatus(ObjectNode live, ObjectNode object) {
    JsonNode status = object.path("status").deepCopy();
    object.removeAll();
    object.setAll(live.deepCopy());
    set(object, "status", status.isObject() ? status : null);
  }

  static void exceptStatus(ObjectNode live, ObjectNode object) {
    set(object, "status", live.get("status"));
  }

  private static void set(ObjectNode object, String field, @Nullable JsonNode value) {
    if (value == null) {
      object.remove(field);
    } else {
      object.set(field, value.deepCopy());
    }
  }

  /// @return warnings
  /// @throws ApiError if it is refused
  static List<String> validate(ResourceKind kind, ObjectNode object, Optional<ObjectNode> before) {
    List<String> warnings = Judgement.object(kind, object, before);
    List<ApiError.Cause> causes = new ArrayList<>();
    if (TEMPLATED.contains(kind)) {
      template(object, before, causes);
    }
    if (kind.equals(Kinds.POD)) {
      containers(object, "spec", causes);
      before.ifPresent(old -> samePod(old, object, causes));
    }
    before
        .filter(_ -> !kind.equals(Kinds.NETWORK_POLICY)) // judged above
        .filter(Metadata::isGoing)
        .ifPresent(old -> noNewFinalizers(old, object, causes));
    if (!causes.isEmpty()) {
      throw ApiError.invalid(kind, Json.name(object), causes);
    }
    return warnings;
  }

  private static void noNewFinalizers(
      ObjectNode old, ObjectNode object, List<ApiError.Cause> causes) {
    List<JsonNode> known = Json.items(old, "metadata", "finalizers");
    List<String> added =
        Json.items(object, "metadata", "finalizers").stream()
            .filter(one -> !known.contains(one))
            .map(JsonNode::toString)
            .toList();
    if (!added.isEmpty()) {
      causes.add(
          new ApiError.Cause(
              "metadata.finalizers",
              "FieldValueForbidden",
              "Forbidden: no new finalizers can be added if the object is being deleted, found new "
                  + "finalizers []string{"
                  + String.join(", ", added)
                  + "}"));
    }
  }

  private static void template(
      ObjectNode object, Optional<ObjectNode> before, List<ApiError.Cause> causes) {
    JsonNode selector = Json.at(object, "spec", "selector");
    if (selector.isMissingNode()) {
      causes.add(new ApiError.Cause("spec.selector", "FieldValueRequired", "Required value"));
    } else if (LabelQuery.of(selector).isEverything()) {
      causes.add(invalid("spec.selector", selector, "empty selector is invalid for deployment"));
    } else if (!LabelQuery.of(selector)
        .matches(Json.pairs(object, "spec", "template", "metadata", "labels"))) {
      causes.add(
          invalid(
              "spec.template.metadata.labels",
              Json.at(object, "spec", "template", "metadata", "labels"),
              "`selector` does not match template `labels`"));
    }
    before.ifPresent(old -> {
      if (!Json.at(old, "spec", "selector").equals(selector)) {
        causes.add(invalid("spec.selector", selector, "field is immutable"));
      }
    });
    containers(object.path("spec"), "template.spec", causes);
  }

  private static void containers(JsonNode in, String path, List<ApiError.Cause> causes) {
    String prefix = path.equals("spec") ? "spec" : "spec." + path;
    List<JsonNode> containers = Json.items(Json.at(in, path.split("\\.")), "containers");
    if (containers.isEmpty()) {
      causes.add(
          new ApiError.Cause(prefix + ".containers", "FieldValueRequired", "Required value"));
    }
    for (int i = 0; i < containers.size(); i++) {
      String at = prefix + ".containers[" + i + "]";
      for (String field : List.of("name", "image")) {
        if (Json.textAt(containers.get(i), field).isEmpty()) {
          causes.add(new ApiError.Cause(at + "." + field, "FieldValueRequired", "Required value"));
        }
      }
    }
  }

  /// Of a pod little more than its images can change.
  private static void samePod(ObjectNode old, ObjectNode pod, List<ApiError.Cause> causes) {
    if (!settled(old).equals(settled(pod))) {
      causes.add(
          new ApiError.Cause(
              "spec",
              "FieldValueForbidden",
              "Forbidden: pod updates may not change fields other than "
                  + "`spec.containers[*].image`,`spec.initContainers[*].image`,"
                  + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing "
                  + "tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if "
                  + "it was previously negative)"));
    }
  }

  /// Without what can change; its node can be set once.
  private static JsonNode settled(ObjectNode pod) {
    ObjectNode spec = Json.objectIn(pod.deepCopy(), "spec");
    spec.remove(List.of("activeDeadlineSeconds", "tolerations", "nodeName"));
    for (String list : List.of("containers", "initContainers")) {
      Json.items(spec, list).forEach(one -> ((ObjectNode) one).remove("image"));
    }
    return spec;
  }

  private static ApiError.Cause invalid(String field, JsonNode value, String why) {
    return new ApiError.Cause(field, "FieldValueInvalid", "Invalid value: " + value + ": " + why);
  }

  static ApiError unkept(StoreException failed) {
    return switch (failed.why()) {
      case CONFLICT, EXISTS, MISSING ->
          new ApiError(409, "Conflict", "changed at the same time: " + failed.getMessage());
      case TOO_OLD -> ApiError.expired(failed.getMessage());
      case BROKEN -> new ApiError(500, "InternalError", failed.getMessage());
    };
  }
}
