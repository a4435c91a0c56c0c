package dev.ringfence.lab.api.registry;

import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.Kinds;
import dev.ringfence.lab.api.objects.ResourceKind;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What the server alone sets in an object.
final class Stamps {
  private static final List<String> SERVERS_OWN =
      List.of(
          "uid",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "generation",
          "selfLink");
  private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";
  private static final int LONGEST_PREFIX = 58;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Stamps() {}

  static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /// A new object: a name if it wants one made, and its birth.
  static void born(ResourceKind kind, ObjectNode object, String namespace) {
    ObjectNode meta = Json.objectIn(object, "metadata");
    meta.remove(SERVERS_OWN);
    meta.remove("managedFields");
    String prefix = Json.textAt(meta, "generateName");
    if (Json.textAt(meta, "name").isEmpty() && !prefix.isEmpty()) {
      meta.put("name", prefix.substring(0, Math.min(prefix.length(), LONGEST_PREFIX)) + suffix());
    }
    if (kind.namespaced()) {
      meta.put("namespace", namespace);
    } else {
      meta.remove("namespace");
    }
    meta.put("uid", UUID.randomUUID().toString());
    meta.put("creationTimestamp", now());
    if (hasGeneration(kind)) {
      meta.put("generation", 1);
    }
  }

  private static String suffix() {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      out.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
    }
    return out.toString();
  }

  private static boolean hasGeneration(ResourceKind kind) {
    return !List.of(
            Kinds.NAMESPACE,
            Kinds.NODE,
            Kinds.SERVICE,
            Kinds.EVENT,
            Kinds.SERVICE_ACCOUNT,
            Kinds.LEASE)
        .contains(kind);
  }

  /// A changed object keeps what it was born with, and counts changes of what is wanted.
  static void kept(ResourceKind kind, ObjectNode live, ObjectNode object) {
    ObjectNode meta = Json.objectIn(object, "metadata");
    ObjectNode old = Json.objectIn(live.deepCopy(), "metadata");
    for (String field : SERVERS_OWN) {
      JsonNode value = old.get(field);
      if (value == null) {
        meta.remove(field);
      } else {
        meta.set(field, value);
      }
    }
    for (String field : List.of("name", "namespace", "generateName")) {
      if (old.has(field)) {
        meta.set(field, old.get(field));
      }
    }
    if (hasGeneration(kind) && !wanted(live).equals(wanted(object))) {
      meta.put("generation", Json.numberAt(old, "generation") + 1);
    }
  }

  private static ObjectNode wanted(ObjectNode object) {
    ObjectNode out = object.deepCopy();
    out.remove(List.of("metadata", "status"));
    return out;
  }

  /// Whether nothing has changed but when: then nothing is written.
  static boolean same(ObjectNode one, ObjectNode other) {
    return timeless(one).equals(timeless(other));
  }

  private static ObjectNode timeless(ObjectNode object) {
    ObjectNode out = object.deepCopy();
    ObjectNode meta = Json.objectIn(out, "metadata");
    meta.remove("resourceVersion");
    if (meta.get("managedFields") instanceof ArrayNode entries) {
      entries.forEach(entry -> ((ObjectNode) entry).remove("time"));
    }
    return out;
  }

  static ObjectNode versioned(ObjectNode object, long revision) {
    ObjectNode out = object.deepCopy();
    Json.objectIn(out, "metadata").put("resourceVersion", String.valueOf(revision));
    return out;
  }
}
