package dev.ringfence.lab.api;

import dev.ringfence.lab.api.objects.ApiError;
import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.LabelQuery;
import dev.ringfence.lab.api.objects.MergePatch;
import dev.ringfence.lab.api.registry.Registry;
import dev.ringfence.lab.api.registry.WriteOptions;
import java.io.IOException;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The subresource `scale`: how many there are, and how many there should be.
final class Scales {
  private final Registry registry;

  Scales(Registry registry) {
    this.registry = registry;
  }

  void serve(Target target, Call call) throws IOException {
    ObjectNode object = registry.get(target.kind(), target.namespace(), target.name());
    switch (call.method()) {
      case "GET" -> call.answer(200, of(object));
      case "PUT" -> call.answer(200, write(target, call, read(call.body())));
      case "PATCH" -> {
        if (call.contentType().contains("json-patch+json")) {
          throw ApiError.unsupportedMediaType("a scale is changed by a merge patch");
        }
        call.answer(200, write(target, call, MergePatch.apply(of(object), read(call.body()))));
      }
      default -> throw Objects.notAllowed();
    }
  }

  private static ObjectNode read(byte[] body) {
    try {
      if (Json.read(body) instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException broken) {
      throw ApiError.badRequest("cannot read the Scale: " + broken.getOriginalMessage());
    }
    throw ApiError.badRequest("a Scale is an object");
  }

  private ObjectNode write(Target target, Call call, ObjectNode scale) {
    JsonNode replicas = Json.at(scale, "spec", "replicas");
    if (!replicas.isMissingNode() && !replicas.isInt()) {
      throw ApiError.badRequest(
          "Scale in version \"v1\" cannot be handled as a Scale: spec.replicas must be an int32");
    }
    int wanted = replicas.asInt(0);
    if (wanted < 0) {
      throw new ApiError(
          422,
          "Invalid",
          "Scale.autoscaling \""
              + target.name()
              + "\" is invalid: spec.replicas: Invalid value: "
              + wanted
              + ": must be greater than or equal to 0");
    }
    String manager = call.query().text("fieldManager");
    WriteOptions options =
        new WriteOptions(
            manager.isEmpty() ? "scale" : manager,
            call.query().dryRun("UpdateOptions"),
            call.query().validation("UpdateOptions"));
    String version = Json.textAt(scale, "metadata", "resourceVersion");
    return of(
        registry
            .update(
                target.kind(),
                target.namespace(),
                target.name(),
                "",
                options,
                live -> {
                  if (call.method().equals("PUT") && !version.isEmpty()) {
                    Json.objectIn(live, "metadata").put("resourceVersion", version);
                  }
                  Json.objectIn(live, "spec").put("replicas", wanted);
                  return live;
                })
            .object());
  }

  private static ObjectNode of(ObjectNode object) {
    ObjectNode out = Json.object().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
    ObjectNode meta = out.putObject("metadata");
    for (String field :
        List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
      JsonNode value = object.path("metadata").get(field);
      if (value != null) {
        meta.set(field, value);
      }
    }
    out.putObject("spec").put("replicas", Json.numberAt(object, "spec", "replicas"));
    out.putObject("status")
        .put("replicas", Json.numberAt(object, "status", "replicas"))
        .put("selector", LabelQuery.of(Json.at(object, "spec", "selector")).toString());
    return out;
  }
}
