package dev.ringfence.lab.api;

import dev.ringfence.lab.api.objects.Json;
import java.io.IOException;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// OpenAPI v2, which kubectl 1.27 and 1.28 want before every write: the documents of v3 in one.
///
/// Of an operation it says no more than these clients ask: which kind a patch is of, and that we
/// check its fields.
final class OpenApiV2 {
  /// Clients ask for another name, which is no media type: `…spec.v2@v1.0+protobuf`.
  private static final String PROTOBUF =
      "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

  private static final byte[] AS_JSON = Json.bytes(document(OpenApi.all()));
  private static final byte[] AS_PROTOBUF = OpenApiProtobuf.of(Json.read(AS_JSON));

  private OpenApiV2() {}

  /// `GET /openapi/v2`
  static void answer(Call call) throws IOException {
    if (call.accept().contains("application/com.github.proto-openapi.spec.v2")) {
      call.answerTagged(PROTOBUF, AS_PROTOBUF);
    } else {
      call.answerTagged(Call.JSON, AS_JSON);
    }
  }

  private static ObjectNode document(List<ObjectNode> ofV3) {
    ObjectNode out = Json.object().put("swagger", "2.0");
    out.putObject("info").put("title", "Ringfence lab").put("version", "v1");
    ObjectNode paths = out.putObject("paths");
    ObjectNode definitions = out.putObject("definitions");
    for (ObjectNode each : ofV3) {
      each.path("paths")
          .properties()
          .forEach(path -> paths.set(path.getKey(), operations(path.getValue())));
      Json.at(each, "components", "schemas")
          .properties()
          .forEach(one -> definitions.set(one.getKey(), schema((ObjectNode) one.getValue())));
    }
    return out;
  }

  private static ObjectNode operations(JsonNode path) {
    ObjectNode out = Json.object();
    path.properties()
        .forEach(one -> {
          ObjectNode operation = ((ObjectNode) one.getValue()).deepCopy();
          operation.putObject("responses").putObject("200").put("description", "OK");
          for (JsonNode parameter : Json.items(operation, "parameters")) {
            ObjectNode flat = (ObjectNode) parameter;
            flat.setAll((ObjectNode) flat.remove("schema"));
          }
          out.set(one.getKey(), operation);
        });
    return out;
  }

  /// A reference stands alone, and there is no `oneOf`.
  private static ObjectNode schema(ObjectNode ofV3) {
    ObjectNode out = ofV3.deepCopy();
    if (out.remove("allOf") instanceof ArrayNode all) {
      out.remove("default");
      out.put("$ref", reference(Json.textAt(all.get(0), "$ref")));
    }
    if (out.remove("oneOf") != null) {
      out.put("type", "string");
    }
    for (String inner : List.of("items", "additionalProperties")) {
      if (out.get(inner) instanceof ObjectNode item) {
        out.set(inner, schema(item));
      }
    }
    if (out.get("properties") instanceof ObjectNode properties) {
      properties.properties().forEach(one -> one.setValue(schema((ObjectNode) one.getValue())));
    }
    return out;
  }

  private static String reference(String ofV3) {
    return ofV3.replace("#/components/schemas/", "#/definitions/");
  }
}
