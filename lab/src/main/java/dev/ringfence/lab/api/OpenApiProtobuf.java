package dev.ringfence.lab.api;

import dev.ringfence.lab.api.objects.Json;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// A document of [OpenApiV2] as protobuf, the only form in which kubectl asks for it.
///
/// The numbers of the fields are those of `OpenAPIv2.proto` in <https://github.com/google/gnostic>.
final class OpenApiProtobuf {
  private static final Map<String, Integer> METHODS =
      Map.of("get", 2, "put", 3, "post", 4, "delete", 5, "patch", 8);

  private OpenApiProtobuf() {}

  static byte[] of(JsonNode document) {
    return new ProtobufMessage()
        .text(1, Json.textAt(document, "swagger"))
        .message(2, info(document.path("info")))
        .message(8, map(2, document.path("paths"), OpenApiProtobuf::path))
        .message(9, map(1, document.path("definitions"), OpenApiProtobuf::schema))
        .bytes();
  }

  /// Pairs of a name and a value.
  private static ProtobufMessage map(
      int field, JsonNode map, Function<JsonNode, ProtobufMessage> value) {
    ProtobufMessage out = new ProtobufMessage();
    map.properties().forEach(one -> out.message(field, pair(one, value)));
    return out;
  }

  private static ProtobufMessage pair(
      Map.Entry<String, JsonNode> one, Function<JsonNode, ProtobufMessage> value) {
    return new ProtobufMessage().text(1, one.getKey()).message(2, value.apply(one.getValue()));
  }

  private static ProtobufMessage info(JsonNode info) {
    return new ProtobufMessage()
        .text(1, Json.textAt(info, "title"))
        .text(2, Json.textAt(info, "version"));
  }

  private static ProtobufMessage path(JsonNode path) {
    ProtobufMessage out = new ProtobufMessage();
    path.properties()
        .forEach(one ->
            Optional.ofNullable(METHODS.get(one.getKey()))
                .ifPresent(field -> out.message(field, operation(one.getValue()))));
    return out;
  }

  private static ProtobufMessage operation(JsonNode operation) {
    ProtobufMessage out = new ProtobufMessage();
    Json.items(operation, "parameters").forEach(one -> out.message(8, parameter(one)));
    out.message(9, map(1, operation.path("responses"), OpenApiProtobuf::response));
    return extended(out, 13, operation);
  }

  /// One of the query, wrapped in what tells it from others.
  private static ProtobufMessage parameter(JsonNode parameter) {
    ProtobufMessage query =
        new ProtobufMessage()
            .text(2, Json.textAt(parameter, "in"))
            .text(4, Json.textAt(parameter, "name"))
            .text(6, Json.textAt(parameter, "type"));
    ProtobufMessage notOfTheBody = new ProtobufMessage().message(3, query);
    ProtobufMessage itself = new ProtobufMessage().message(2, notOfTheBody);
    return new ProtobufMessage().message(1, itself);
  }

  private static ProtobufMessage response(JsonNode response) {
    ProtobufMessage itself = new ProtobufMessage().text(1, Json.textAt(response, "description"));
    return new ProtobufMessage().message(1, itself);
  }

  private static ProtobufMessage schema(JsonNode schema) {
    ProtobufMessage out =
        new ProtobufMessage()
            .text(1, Json.textAt(schema, "$ref"))
            .text(2, Json.textAt(schema, "format"))
            .text(4, Json.textAt(schema, "description"));
    Json.items(schema, "required").forEach(one -> out.text(19, Json.textAt(one)));
    if (schema.has("additionalProperties")) {
      ProtobufMessage item = schema(schema.path("additionalProperties"));
      out.message(21, new ProtobufMessage().message(1, item));
    }
    if (schema.has("type")) {
      out.message(22, new ProtobufMessage().text(1, Json.textAt(schema, "type")));
    }
    if (schema.has("items")) {
      out.message(23, new ProtobufMessage().message(1, schema(schema.path("items"))));
    }
    if (schema.has("properties")) {
      out.message(25, map(1, schema.path("properties"), OpenApiProtobuf::schema));
    }
    return extended(out, 31, schema);
  }

  /// What Kubernetes says beyond OpenAPI, as YAML.
  private static ProtobufMessage extended(ProtobufMessage out, int field, JsonNode node) {
    for (Map.Entry<String, JsonNode> one : node.properties()) {
      if (one.getKey().startsWith("x-")) {
        out.message(field, pair(one, value -> new ProtobufMessage().text(2, value.toString())));
      }
    }
    return out;
  }
}
