package dev.ringfence.lab.api.objects;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What an object's metadata says of its life: who owns it, and whether it is to go.
public final class Metadata {
  private static final String OWNERS = "ownerReferences";

  private Metadata() {}

  /// Whether it is deleted, as far as whoever deleted it is concerned.
  public static boolean isGoing(JsonNode object) {
    return !Json.textAt(object, "metadata", "deletionTimestamp").isEmpty();
  }

  /// Whether somebody wants it to stay until he has done what he must.
  public static boolean isHeld(JsonNode object) {
    return !Json.items(object, "metadata", "finalizers").isEmpty();
  }

  public static List<JsonNode> owners(JsonNode object) {
    return Json.items(object, "metadata", OWNERS);
  }

  public static boolean isOwnedBy(JsonNode object, JsonNode owner) {
    return owners(object).stream().anyMatch(one -> uid(one).equals(uidOf(owner)));
  }

  /// The reference to whoever controls it.
  public static Optional<JsonNode> controller(JsonNode object) {
    return owners(object).stream()
        .filter(one -> one.path("controller").asBoolean(false))
        .findFirst();
  }

  public static boolean isControlledBy(JsonNode object, JsonNode owner) {
    return controller(object).filter(one -> uid(one).equals(uidOf(owner))).isPresent();
  }

  /// Makes it controlled by this owner; it has no other controller.
  public static void own(ObjectNode object, JsonNode owner) {
    Json.objectIn(object, "metadata")
        .withArray(OWNERS)
        .addObject()
        .put("apiVersion", Json.textAt(owner, "apiVersion"))
        .put("kind", Json.textAt(owner, "kind"))
        .put("name", Json.name(owner))
        .put("uid", uidOf(owner))
        .put("controller", true)
        .put("blockOwnerDeletion", true);
  }

  /// Makes it this owner's no more.
  public static void disown(ObjectNode object, JsonNode owner) {
    ArrayNode kept = Json.array();
    owners(object).stream().filter(one -> !uid(one).equals(uidOf(owner))).forEach(kept::add);
    ObjectNode meta = Json.objectIn(object, "metadata");
    if (kept.isEmpty()) {
      meta.remove(OWNERS);
    } else {
      meta.set(OWNERS, kept);
    }
  }

  private static String uid(JsonNode reference) {
    return Json.textAt(reference, "uid");
  }

  private static String uidOf(JsonNode object) {
    return Json.textAt(object, "metadata", "uid");
  }
}
