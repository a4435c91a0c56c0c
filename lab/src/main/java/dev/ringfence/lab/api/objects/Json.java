package dev.ringfence.lab.api.objects;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reading and making JSON as the API has it.
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private Json() {}

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  public static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  public static JsonNode text(String text) {
    return JsonNodeFactory.instance.stringNode(text);
  }

  /// One JSON value.
  ///
  /// @throws tools.jackson.core.JacksonException if it is not one
  public static JsonNode read(byte[] bytes) {
    return MAPPER.readTree(bytes);
  }

  public static JsonNode read(String text) {
    return MAPPER.readTree(text);
  }

  public static byte[] bytes(JsonNode node) {
    return MAPPER.writeValueAsBytes(node);
  }

  /// What is at the end of the path, or a missing node.
  public static JsonNode at(JsonNode node, String... path) {
    JsonNode out = node;
    for (String step : path) {
      out = out.path(step);
    }
    return out;
  }

  /// The text at the end of the path, or nothing, the empty text.
  public static String textAt(JsonNode node, String... path) {
    JsonNode found = at(node, path);
    return found.isValueNode() && !found.isNull() ? found.asString("") : "";
  }

  /// The number at the end of the path, or 0.
  public static long numberAt(JsonNode node, String... path) {
    return at(node, path).asLong(0);
  }

  /// The items at the end of the path, none if there is no list.
  public static List<JsonNode> items(JsonNode node, String... path) {
    List<JsonNode> out = new ArrayList<>();
    if (at(node, path) instanceof ArrayNode list) {
      list.forEach(out::add);
    }
    return out;
  }

  /// The pairs at the end of the path, sorted.
  public static Map<String, String> pairs(JsonNode node, String... path) {
    Map<String, String> out = new TreeMap<>();
    if (at(node, path) instanceof ObjectNode map) {
      map.properties().forEach(pair -> out.put(pair.getKey(), textAt(pair.getValue())));
    }
    return out;
  }

  public static String name(JsonNode object) {
    return textAt(object, "metadata", "name");
  }

  public static String namespace(JsonNode object) {
    return textAt(object, "metadata", "namespace");
  }

  public static Map<String, String> labels(JsonNode object) {
    return pairs(object, "metadata", "labels");
  }

  /// The object in this field, made if there is none.
  public static ObjectNode objectIn(ObjectNode node, String field) {
    return node.get(field) instanceof ObjectNode there ? there : node.putObject(field);
  }
}
