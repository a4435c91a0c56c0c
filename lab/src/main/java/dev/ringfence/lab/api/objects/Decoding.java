package dev.ringfence.lab.api.objects;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Walks one object with its type.
final class Decoding {
  private static final int MOST_UNKNOWN = 100;

  private final List<String> unknown = new ArrayList<>();
  private final List<String> mistyped = new ArrayList<>();

  /// Where we are.
  ///
  /// @param path with indices: `spec.ingress[0].ports`
  /// @param bare without them, as type errors have it (S177)
  /// @param holder the struct that holds the field
  private record Place(String path, String bare, String holder) {
    Place field(String name, String in) {
      return new Place(join(path, name), join(bare, name), in);
    }

    Place item(int index) {
      return new Place(path + "[" + index + "]", bare, holder);
    }

    private static String join(String path, String name) {
      return path.isEmpty() ? name : path + "." + name;
    }
  }

  Decoded decode(Type.Struct type, ObjectNode sent) {
    ObjectNode out = struct(type, sent, new Place("", "", type.name()));
    return new Decoded(out, unknown, mistyped);
  }

  private ObjectNode struct(Type.Struct type, ObjectNode sent, Place at) {
    ObjectNode out = Json.object();
    for (Map.Entry<String, JsonNode> entry : sent.properties()) {
      Type.Field field = type.fields().get(entry.getKey());
      Place place = at.field(entry.getKey(), type.name());
      if (field == null) {
        if (unknown.size() < MOST_UNKNOWN) {
          unknown.add("unknown field \"" + place.path() + "\"");
        }
        continue;
      }
      JsonNode value = value(field.type(), entry.getValue(), place);
      if (value != null && (field.optional() || !isEmptyCollection(field.type(), value))) {
        out.set(entry.getKey(), value);
      }
    }
    return out;
  }

  private static boolean isEmptyCollection(Type type, JsonNode value) {
    return value.isEmpty()
        && (type instanceof Type.ListOf
            || type instanceof Type.SetOf
            || type instanceof Type.MapOf);
  }

  private @Nullable JsonNode value(Type type, JsonNode sent, Place at) {
    if (sent.isNull()) {
      return null;
    }
    return switch (Types.resolved(type)) {
      case Type.Value(String name) -> {
        check(isValue(name, sent), sent, name, at);
        yield sent;
      }
      case Type.Anything _ -> sent.deepCopy();
      case Type.MapOf(Type.Value item) -> map(item, sent, at);
      case Type.ListOf(Type item, List<String> _) -> list(item, sent, at);
      case Type.SetOf(Type item) -> list(item, sent, at);
      case Type.Struct struct -> {
        check(sent.isObject(), sent, "v1." + struct.name(), at);
        yield sent instanceof ObjectNode object ? struct(struct, object, at) : null;
      }
      case Type.Named named -> throw new IllegalStateException("unresolved " + named);
    };
  }

  private @Nullable JsonNode map(Type.Value item, JsonNode sent, Place at) {
    check(sent.isObject(), sent, "map[string]string", at);
    ObjectNode out = Json.object();
    for (Map.Entry<String, JsonNode> pair : sent.properties()) {
      JsonNode value = pair.getValue();
      if (!value.isNull()) {
        check(isValue(item.name(), value), value, item.name(), at);
      }
      out.set(pair.getKey(), value.isNull() ? Json.text("") : value); // S20
    }
    return out;
  }

  private @Nullable JsonNode list(Type item, JsonNode sent, Place at) {
    check(sent.isArray(), sent, goName(new Type.ListOf(item, List.of())), at);
    ArrayNode out = Json.array();
    int index = 0;
    for (JsonNode one : sent) {
      JsonNode value = value(item, one, at.item(index++));
      if (value != null) {
        out.add(value);
      } else {
        out.add(Types.resolved(item) instanceof Type.Value ? Json.text("") : Json.object());
      }
    }
    return out;
  }

  private void check(boolean right, JsonNode sent, String wanted, Place at) {
    if (!right && mistyped.isEmpty()) {
      mistyped.add(
          "json: cannot unmarshal "
              + what(sent)
              + " into Go struct field "
              + at.holder()
              + "."
              + at.bare()
              + " of type "
              + wanted);
    }
  }

  private static String what(JsonNode sent) {
    return switch (sent.getNodeType()) {
      case ARRAY -> "array";
      case OBJECT, POJO -> "object";
      case BOOLEAN -> "bool";
      case NUMBER -> sent.isIntegralNumber() ? "number" : "number " + sent.asString("");
      case STRING, BINARY, MISSING, NULL -> "string";
    };
  }

  private static String goName(Type type) {
    return switch (type) {
      case Type.Value(String name) -> name;
      case Type.Anything _ -> "object";
      case Type.MapOf _ -> "map[string]string";
      case Type.ListOf(Type item, List<String> _) -> "[]" + goName(item);
      case Type.SetOf(Type item) -> "[]" + goName(item);
      case Type.Struct struct -> "v1." + struct.name();
      case Type.Named(String name) -> "v1." + name;
    };
  }

  private static boolean isValue(String type, JsonNode sent) {
    return switch (type) {
      case "string" -> sent.isString();
      case "bool" -> sent.isBoolean();
      case "int32" -> isWhole(sent, 31);
      case "int64" -> isWhole(sent, 63);
      case "number" -> sent.isNumber();
      case "quantity" -> sent.isString() || sent.isNumber();
      case "intOrString" -> sent.isString() || isWhole(sent, 31);
      case "time", "microTime" -> sent.isString() && isTime(sent.asString(""));
      default -> throw new IllegalStateException("no such type: " + type);
    };
  }

  private static boolean isWhole(JsonNode sent, int bits) {
    if (!sent.isIntegralNumber()) {
      return false;
    }
    BigInteger value = sent.bigIntegerValue();
    return value.bitLength() <= bits;
  }

  private static boolean isTime(String text) {
    try {
      return OffsetDateTime.parse(text) != null;
    } catch (DateTimeException no) {
      return false;
    }
  }
}
