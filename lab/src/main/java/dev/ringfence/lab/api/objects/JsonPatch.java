package dev.ringfence.lab.api.objects;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// JSON Patch: <https://www.rfc-editor.org/rfc/rfc6902>.
public final class JsonPatch {
  private static final int MOST_OPERATIONS = 10_000;

  private JsonPatch() {}

  /// The object as patched; the one given stays as it is.
  ///
  /// @throws ApiError if it is no patch, or does not fit
  public static JsonNode apply(JsonNode object, JsonNode patch) {
    if (!(patch instanceof ArrayNode operations)) {
      throw ApiError.badRequest("error decoding patch: a JSON patch is a list of operations");
    }
    if (operations.size() > MOST_OPERATIONS) {
      throw new ApiError(
          413,
          "RequestEntityTooLarge",
          "The allowed maximum operations in a JSON patch is "
              + MOST_OPERATIONS
              + ", got "
              + operations.size());
    }
    JsonNode out = object.deepCopy();
    for (JsonNode operation : operations) {
      out = one(out, operation);
    }
    return out;
  }

  private static JsonNode one(JsonNode root, JsonNode operation) {
    String op = Json.textAt(operation, "op");
    List<String> path = pointer(operation, "path");
    return switch (op) {
      case "add" -> add(root, path, value(operation));
      case "remove" -> remove(root, path);
      case "replace" -> {
        find(root, path);
        yield path.isEmpty() ? value(operation) : replace(root, path, value(operation));
      }
      case "move" -> {
        List<String> from = pointer(operation, "from");
        JsonNode moved = find(root, from);
        yield add(remove(root, from), path, moved);
      }
      case "copy" -> add(root, path, find(root, pointer(operation, "from")).deepCopy());
      case "test" -> {
        if (!find(root, path).equals(value(operation))) {
          throw unfit("testing value " + Json.textAt(operation, "path") + " failed");
        }
        yield root;
      }
      default -> throw ApiError.badRequest("Unexpected kind: " + op);
    };
  }

  private static JsonNode value(JsonNode operation) {
    JsonNode value = operation.get("value");
    if (value == null) {
      throw ApiError.badRequest("missing value: an operation needs one");
    }
    return value.deepCopy();
  }

  private static List<String> pointer(JsonNode operation, String field) {
    if (!operation.path(field).isString()) {
      throw ApiError.badRequest("an operation needs a " + field);
    }
    String text = Json.textAt(operation, field);
    if (text.isEmpty()) {
      return List.of();
    }
    if (!text.startsWith("/")) {
      throw unfit("unable to find path: " + text);
    }
    return List.of(text.substring(1).split("/", -1)).stream()
        .map(step -> step.replace("~1", "/").replace("~0", "~"))
        .toList();
  }

  private static JsonNode find(JsonNode root, List<String> path) {
    JsonNode at = root;
    for (String step : path) {
      at = at instanceof ArrayNode list ? list.get(index(list, step, false)) : at.path(step);
      if (at.isMissingNode()) {
        throw unfit("missing path: /" + String.join("/", path));
      }
    }
    return at;
  }

  private static JsonNode parent(JsonNode root, List<String> path) {
    return find(root, path.subList(0, path.size() - 1));
  }

  private static JsonNode add(JsonNode root, List<String> path, JsonNode value) {
    if (path.isEmpty()) {
      return value;
    }
    switch (parent(root, path)) {
      case ArrayNode list -> list.insert(index(list, path.getLast(), true), value);
      case ObjectNode object -> object.set(path.getLast(), value);
      case JsonNode _ -> throw unfit("missing path: /" + String.join("/", path));
    }
    return root;
  }

  private static JsonNode replace(JsonNode root, List<String> path, JsonNode value) {
    switch (parent(root, path)) {
      case ArrayNode list -> list.set(index(list, path.getLast(), false), value);
      case ObjectNode object -> object.set(path.getLast(), value);
      case JsonNode _ -> throw unfit("missing path: /" + String.join("/", path));
    }
    return root;
  }

  private static JsonNode remove(JsonNode root, List<String> path) {
    find(root, path);
    if (path.isEmpty()) {
      throw unfit("the whole object cannot be removed");
    }
    switch (parent(root, path)) {
      case ArrayNode list -> list.remove(index(list, path.getLast(), false));
      case ObjectNode object -> object.remove(path.getLast());
      case JsonNode _ -> throw unfit("missing path: /" + String.join("/", path));
    }
    return root;
  }

  private static int index(ArrayNode list, String step, boolean mayAppend) {
    if (mayAppend && step.equals("-")) {
      return list.size();
    }
    int index = step.matches("0|[1-9][0-9]{0,8}") ? Integer.parseInt(step) : -1;
    if (index < 0 || index >= list.size() + (mayAppend ? 1 : 0)) {
      throw unfit("invalid index referenced: " + step);
    }
    return index;
  }

  private static ApiError unfit(String why) {
    return new ApiError(
        422, "Invalid", "the server rejected our request due to an error in our request: " + why);
  }
}
