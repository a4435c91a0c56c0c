package dev.ringfence.lab.api.objects;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The fields of an object that can have an owner each, in the spelling of `fieldsV1`: `f:spec`,
/// `k:{"name":"web"}`, `v:"x"`. A list without keys and an atomic struct are owned whole; an item
/// of a list with keys has the path `.` for its being there.
final class FieldPaths {
  static final String SELF = ".";

  /// Set by the server, or by what the object is.
  private static final Set<String> NOBODYS =
      Set.of(
          "name",
          "namespace",
          "generateName",
          "uid",
          "resourceVersion",
          "generation",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "selfLink",
          "managedFields");

  private final Map<List<String>, JsonNode> found =
      new TreeMap<>((a, b) -> String.join("\0", a).compareTo(String.join("\0", b)));

  private FieldPaths() {}

  /// Each path with its value.
  static Map<List<String>, JsonNode> of(ResourceKind kind, ObjectNode object) {
    FieldPaths out = new FieldPaths();
    Type.Struct type = Types.of(kind);
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      String field = entry.getKey();
      if (!field.equals("apiVersion") && !field.equals("kind")) {
        JsonNode value = entry.getValue();
        if (field.equals("metadata") && value instanceof ObjectNode meta) {
          value = meta.deepCopy().remove(NOBODYS);
          if (value.isEmpty()) {
            continue;
          }
        }
        out.field(type, field, value, List.of());
      }
    }
    return out.found;
  }

  private void field(Type.Struct type, String name, JsonNode value, List<String> at) {
    Type.Field field = type.fields().get(name);
    Type of = field == null ? new Type.Anything() : Types.resolved(field.type());
    walk(of, value, plus(at, "f:" + name));
  }

  private void walk(Type type, JsonNode value, List<String> at) {
    switch (type) {
      case Type.Struct struct when value instanceof ObjectNode o && !o.isEmpty() -> {
        if (struct.atomic()) {
          found.put(at, value);
        } else {
          o.properties().forEach(e -> field(struct, e.getKey(), e.getValue(), at));
        }
      }
      case Type.MapOf _, Type.Anything _ when value instanceof ObjectNode o && !o.isEmpty() ->
          o.properties()
              .forEach(e -> walk(new Type.Anything(), e.getValue(), plus(at, "f:" + e.getKey())));
      case Type.ListOf(Type item, List<String> keys)
          when !keys.isEmpty() && value instanceof ArrayNode list && !list.isEmpty() ->
          list.forEach(one -> {
            List<String> there = plus(at, keyOf(one, keys));
            found.put(plus(there, SELF), one);
            walk(Types.resolved(item), one, there);
          });
      case Type.SetOf _ when value instanceof ArrayNode list && !list.isEmpty() ->
          list.forEach(one -> found.put(plus(at, "v:" + one), one));
      case Type _ -> found.put(at, value);
    }
  }

  static String keyOf(JsonNode item, List<String> keys) {
    ObjectNode key = Json.object();
    for (String name : keys.stream().sorted().toList()) {
      if (item.has(name)) {
        key.set(name, item.get(name));
      } else if (name.equals("protocol")) {
        key.put(name, "TCP"); // its default
      }
    }
    return "k:" + key;
  }

  static List<String> plus(List<String> path, String step) {
    List<String> out = new ArrayList<>(path);
    out.add(step);
    return List.copyOf(out);
  }

  /// As messages have it: `.spec.template.spec.containers[name="web"].image`.
  static String shown(List<String> path) {
    StringBuilder out = new StringBuilder();
    for (String step : path) {
      if (step.startsWith("f:")) {
        out.append('.').append(step.substring(2));
      } else if (step.startsWith("k:")) {
        List<String> keys = new ArrayList<>();
        Json.read(step.substring(2))
            .properties()
            .forEach(e -> keys.add(e.getKey() + "=" + e.getValue()));
        out.append('[').append(String.join(",", keys)).append(']');
      } else if (step.startsWith("v:")) {
        out.append("[=").append(step.substring(2)).append(']');
      }
    }
    return out.toString();
  }

  /// Takes the field at this path out of the object, which is changed; without such a field,
  /// nothing.
  static void remove(JsonNode object, List<String> path) {
    JsonNode at = object;
    for (String step : path.subList(0, path.size() - 1)) {
      at = step.startsWith("f:") ? at.path(step.substring(2)) : item(at, step);
    }
    String last = path.getLast();
    if (at instanceof ObjectNode in && last.startsWith("f:")) {
      in.remove(last.substring(2));
    } else if (at instanceof ArrayNode list) {
      for (int i = list.size() - 1; i >= 0; i--) {
        if (isItem(list.get(i), last)) {
          list.remove(i);
        }
      }
    }
  }

  private static JsonNode item(JsonNode list, String step) {
    for (JsonNode one : list) {
      if (isItem(one, step)) {
        return one;
      }
    }
    return Json.object();
  }

  private static boolean isItem(JsonNode one, String step) {
    if (step.startsWith("v:")) {
      return one.equals(Json.read(step.substring(2)));
    }
    if (!step.startsWith("k:")) {
      return false;
    }
    JsonNode key = Json.read(step.substring(2));
    List<String> names = key.properties().stream().map(Map.Entry::getKey).toList();
    return keyOf(one, names).equals(step);
  }
}
