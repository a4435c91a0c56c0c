package dev.ringfence.lab.api.registry;

import dev.ringfence.lab.api.objects.Json;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// How a deletion is meant.
///
/// @param orphans what the object owns stays, without it
/// @param uid it must have, if any
/// @param resourceVersion it must have, if any
public record DeleteOptions(
    boolean orphans, boolean dryRun, Optional<String> uid, Optional<String> resourceVersion) {
  public static final DeleteOptions PLAIN =
      new DeleteOptions(false, false, Optional.empty(), Optional.empty());

  /// As a request says, in its body or its address.
  ///
  /// @param body as sent; missing if there was none
  public static DeleteOptions of(JsonNode body, String propagation, boolean dryRun) {
    String policy = Json.textAt(body, "propagationPolicy");
    boolean orphans =
        (policy.isEmpty() ? propagation : policy).equals("Orphan")
            || body.path("orphanDependents").asBoolean(false);
    boolean dry =
        dryRun || Json.items(body, "dryRun").stream().anyMatch(d -> Json.textAt(d).equals("All"));
    return new DeleteOptions(orphans, dry, wanted(body, "uid"), wanted(body, "resourceVersion"));
  }

  private static Optional<String> wanted(JsonNode body, String field) {
    return Optional.of(Json.textAt(body, "preconditions", field)).filter(t -> !t.isEmpty());
  }
}
