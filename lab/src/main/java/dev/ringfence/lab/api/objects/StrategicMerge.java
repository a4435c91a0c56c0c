package dev.ringfence.lab.api.objects;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Strategic merge patch: as a merge patch, but lists whose items have a key are merged by it.
///
/// Directives: `$patch` (replace, delete, merge), `$retainKeys`, `$deleteFromPrimitiveList/x` and
/// `$setElementOrder/x`.
/// <https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md>
public final class StrategicMerge {
  private static final String PATCH = "$patch";
  private static final String RETAIN = "$retainKeys";
  private static final String DELETE = "$deleteFromPrimitiveList/";
  private static final String ORDER = "$setElementOrder/";

  private StrategicMerge() {}

  /// The object as patched; the one given stays as it is.
  ///
  /// @throws ApiError if a directive makes no sense
  public static ObjectNode apply(ResourceKind kind, ObjectNode object, ObjectNode patch) {
    return object(Types.of(kind), object, patch);
  }

  private static ObjectNode object(@Nullable Type type, ObjectNode object, ObjectNode patch) {
    switch (Json.textAt(patch, PATCH)) {
      case "replace" -> {
        return object(type, Json.object(), without(patch, PATCH));
      }
      case "delete" -> {
        return Json.object();
      }
      case "", "merge" -> {}
      case String other -> throw ApiError.badRequest("Unknown patch type found: " + other);
    }
    ObjectNode out = object.deepCopy();
    if (patch.get(RETAIN) instanceof ArrayNode) {
      List<String> kept = Json.items(patch, RETAIN).stream().map(Json::textAt).toList();
      out.properties().removeIf(entry -> !kept.contains(entry.getKey()));
    }
    for (Map.Entry<String, JsonNode> entry : patch.properties()) {
      String field = entry.getKey();
      JsonNode value = entry.getValue();
      if (field.startsWith(DELETE)) {
        deleteFrom(out, field.substring(DELETE.length()), value);
      } else if (!field.startsWith("$")) {
        field(typeOf(type, field), out, field, value);
      }
    }
    for (Map.Entry<String, JsonNode> entry : patch.properties()) {
      if (entry.getKey().startsWith(ORDER)) {
        String field = entry.getKey().substring(ORDER.length());
        order(typeOf(type, field), out, field, entry.getValue());
      }
    }
    return out;
  }

  private static ObjectNode without(ObjectNode node, String field) {
    ObjectNode out = node.deepCopy();
    out.remove(field);
    return out;
  }

  private static @Nullable Type typeOf(@Nullable Type type, String field) {
    if (type instanceof Type.Struct struct && struct.fields().containsKey(field)) {
      return Types.resolved(struct.fields().get(field).type());
    }
    return null;
  }

  private static void field(@Nullable Type type, ObjectNode out, String field, JsonNode value) {
    if (value.isNull()) {
      out.remove(field);
    } else if (value instanceof ObjectNode inner) {
      boolean gone = Json.textAt(inner, PATCH).equals("delete");
      ObjectNode below = out.get(field) instanceof ObjectNode o ? o : Json.object();
      if (gone) {
        out.remove(field);
      } else {
        out.set(field, object(type, below, inner));
      }
    } else if (value instanceof ArrayNode list) {
      ArrayNode below = out.get(field) instanceof ArrayNode l ? l : Json.array();
      out.set(field, list(type, below, list));
    } else {
      out.set(field, value);
    }
  }

  private static ArrayNode list(@Nullable Type type, ArrayNode there, ArrayNode patch) {
    if (type instanceof Type.SetOf) {
      ArrayNode out = there.deepCopy();
      for (JsonNode value : patch) {
        if (!contains(out, value)) {
          out.add(value.deepCopy());
        }
      }
      return out;
    }
    if (type instanceof Type.ListOf(Type item, List<String> keys) && !keys.isEmpty()) {
      return merged(Types.resolved(item), keys.getFirst(), there, patch);
    }
    return patch.deepCopy();
  }

  private static boolean contains(ArrayNode list, JsonNode value) {
    for (JsonNode one : list) {
      if (one.equals(value)) {
        return true;
      }
    }
    return false;
  }

  private static ArrayNode merged(Type item, String key, ArrayNode there, ArrayNode patch) {
    boolean replaces = false;
    for (JsonNode one : patch) {
      replaces |= Json.textAt(one, PATCH).equals("replace");
    }
    List<ObjectNode> out = new ArrayList<>();
    if (!replaces) {
      there.forEach(one -> out.add((ObjectNode) one));
    }
    for (JsonNode one : patch) {
      if (!(one instanceof ObjectNode change)) {
        throw ApiError.badRequest("items of this list are objects, not " + one);
      }
      if (Json.textAt(change, PATCH).equals("replace") && change.size() == 1) {
        continue;
      }
      if (!change.has(key)) {
        throw ApiError.badRequest(
            "map: " + change + " does not contain declared merge key: " + key);
      }
      int at = find(out, key, change.path(key));
      if (Json.textAt(change, PATCH).equals("delete")) {
        if (at >= 0) {
          out.remove(at);
        }
      } else if (at >= 0) {
        out.set(at, object(item, out.get(at), change));
      } else {
        out.add(object(item, Json.object(), change));
      }
    }
    ArrayNode list = Json.array();
    out.forEach(list::add);
    return list;
  }

  private static int find(List<? extends JsonNode> list, String key, JsonNode value) {
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).path(key).equals(value)) {
        return i;
      }
    }
    return -1;
  }

  private static void deleteFrom(ObjectNode out, String field, JsonNode values) {
    if (out.get(field) instanceof ArrayNode list && values instanceof ArrayNode gone) {
      ArrayNode kept = Json.array();
      list.forEach(one -> {
        if (!contains(gone, one)) {
          kept.add(one);
        }
      });
      out.set(field, kept);
    }
  }

  /// Items that the order names come in that order, in the places that they have together; others
  /// stay where they are.
  private static void order(@Nullable Type type, ObjectNode out, String field, JsonNode order) {
    if (!(out.get(field) instanceof ArrayNode list)) {
      return;
    }
    BitSet places = new BitSet();
    List<JsonNode> named = new ArrayList<>();
    for (JsonNode wanted : order) {
      for (int i = 0; i < list.size(); i++) {
        if (!places.get(i) && isNamed(type, list.get(i), wanted)) {
          places.set(i);
          named.add(list.get(i));
        }
      }
    }
    ArrayNode sorted = Json.array();
    int next = 0;
    for (int i = 0; i < list.size(); i++) {
      sorted.add(places.get(i) ? named.get(next++) : list.get(i));
    }
    out.set(field, sorted);
  }

  private static boolean isNamed(@Nullable Type type, JsonNode one, JsonNode wanted) {
    if (type instanceof Type.ListOf(Type _, List<String> keys) && !keys.isEmpty()) {
      return one.path(keys.getFirst()).equals(wanted.path(keys.getFirst()));
    }
    return one.equals(wanted);
  }
}
