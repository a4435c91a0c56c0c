package dev.ringfence.lab.api;

import dev.ringfence.lab.api.objects.ApiError;
import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.JsonPatch;
import dev.ringfence.lab.api.objects.MergePatch;
import dev.ringfence.lab.api.objects.ResourceKind;
import dev.ringfence.lab.api.objects.StrategicMerge;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The three kinds of patch that change an object as it is.
final class Patches {
  private static final String SUPPORTED =
      "the body of the request was in an unknown format - accepted media types include: "
          + "application/json-patch+json, application/merge-patch+json, "
          + "application/strategic-merge-patch+json, application/apply-patch+yaml";

  private Patches() {}

  /// @throws ApiError 415 for another type, 400 for what is no patch
  static ObjectNode apply(ResourceKind kind, String type, ObjectNode live, byte[] body) {
    JsonNode patch = read(body);
    JsonNode out =
        switch (type) {
          case "application/json-patch+json" -> JsonPatch.apply(live, patch);
          case "application/merge-patch+json" -> MergePatch.apply(live, object(patch));
          case "application/strategic-merge-patch+json" ->
              StrategicMerge.apply(kind, live, object(patch));
          default -> throw ApiError.unsupportedMediaType(SUPPORTED);
        };
    return object(out);
  }

  private static JsonNode read(byte[] body) {
    try {
      return Json.read(body);
    } catch (JacksonException broken) {
      throw ApiError.badRequest("error decoding patch: " + broken.getOriginalMessage());
    }
  }

  private static ObjectNode object(JsonNode node) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw ApiError.badRequest("error decoding patch: it is no object");
  }
}
