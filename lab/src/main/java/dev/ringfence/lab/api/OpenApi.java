package dev.ringfence.lab.api;

import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.Kinds;
import dev.ringfence.lab.api.objects.ResourceKind;
import dev.ringfence.lab.api.objects.Type;
import dev.ringfence.lab.api.objects.Types;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/// OpenAPI v3: what kubectl explains fields from, and learns that we check them.
final class OpenApi {
  private static final Map<String, byte[]> DOCUMENTS = documents();

  private OpenApi() {}

  private static Map<String, byte[]> documents() {
    Map<String, byte[]> out = new LinkedHashMap<>();
    for (String group : new TreeSet<>(Kinds.ALL.stream().map(ResourceKind::group).toList())) {
      String path = group.isEmpty() ? "api/v1" : "apis/" + group + "/v1";
      out.put(path, Json.bytes(new OpenApi().document(group)));
    }
    return out;
  }

  /// Every document.
  static List<ObjectNode> all() {
    return DOCUMENTS.values().stream().map(bytes -> (ObjectNode) Json.read(bytes)).toList();
  }

  private final ObjectNode schemas = Json.object();

  /// `GET /openapi/v3`
  static ObjectNode index() {
    ObjectNode out = Json.object();
    ObjectNode paths = out.putObject("paths");
    DOCUMENTS.forEach((path, document) ->
        paths
            .putObject(path)
            .put("serverRelativeURL", "/openapi/v3/" + path + "?hash=" + Hashes.of(document)));
    return out;
  }

  /// @param path `apis/networking.k8s.io/v1`
  static Optional<byte[]> document(List<String> path) {
    return Optional.ofNullable(DOCUMENTS.get(String.join("/", path)));
  }

  private ObjectNode document(String group) {
    ObjectNode out = Json.object().put("openapi", "3.0.0");
    out.putObject("info").put("title", "Ringfence lab").put("version", "v1");
    ObjectNode paths = out.putObject("paths");
    for (ResourceKind kind : Kinds.ALL) {
      if (kind.group().equals(group)) {
        paths(kind, paths);
        schema(Types.of(kind));
        tag((ObjectNode) schemas.path(Types.of(kind).fullName()), kind);
      }
    }
    out.putObject("components").set("schemas", schemas);
    return out;
  }

  private static void tag(ObjectNode schema, ResourceKind kind) {
    schema.putArray("x-kubernetes-group-version-kind").add(named(kind));
  }

  private static ObjectNode named(ResourceKind kind) {
    return Json.object()
        .put("group", kind.group())
        .put("kind", kind.kind())
        .put("version", kind.version());
  }

  private static void paths(ResourceKind kind, ObjectNode paths) {
    String base = kind.group().isEmpty() ? "/api/v1" : "/apis/" + kind.apiVersion();
    String at = base + (kind.namespaced() ? "/namespaces/{namespace}/" : "/") + kind.plural();
    ObjectNode collection = paths.putObject(at);
    operation(collection, "get", "list", kind);
    operation(collection, "post", "post", kind);
    operation(collection, "delete", "deletecollection", kind);
    ObjectNode item = paths.putObject(at + "/{name}");
    operation(item, "get", "get", kind);
    operation(item, "put", "put", kind);
    operation(item, "patch", "patch", kind);
    operation(item, "delete", "delete", kind);
    if (kind.namespaced()) {
      operation(paths.putObject(base + "/" + kind.plural()), "get", "list", kind);
    }
  }

  private static void operation(ObjectNode path, String method, String action, ResourceKind kind) {
    ObjectNode out = path.putObject(method);
    if (List.of("post", "put", "patch").contains(method)) {
      for (String parameter : List.of("dryRun", "fieldManager", "fieldValidation")) {
        out.withArray("parameters")
            .addObject()
            .put("name", parameter)
            .put("in", "query")
            .putObject("schema")
            .put("type", "string")
            .put("uniqueItems", true);
      }
    }
    String ref = "#/components/schemas/" + Types.of(kind).fullName();
    ObjectNode ok = out.putObject("responses").putObject("200").put("description", "OK");
    ok.putObject("content").putObject("application/json").putObject("schema").put("$ref", ref);
    out.put("x-kubernetes-action", action);
    out.set("x-kubernetes-group-version-kind", named(kind));
  }

  /// Adds the type and all that it uses.
  private void schema(Type.Struct type) {
    if (schemas.has(type.fullName())) {
      return;
    }
    ObjectNode out = schemas.putObject(type.fullName());
    out.put("description", type.about()).put("type", "object");
    if (type.atomic()) {
      out.put("x-kubernetes-map-type", "atomic");
    }
    ObjectNode properties = out.putObject("properties");
    for (Type.Field field : type.fields().values()) {
      ObjectNode property = of(field.type(), field.required());
      property.put("description", field.about());
      properties.set(field.name(), property);
      if (field.required()) {
        out.withArray("required").add(field.name());
      }
    }
  }

  private ObjectNode of(Type type, boolean required) {
    return switch (type) {
      case Type.Value(String name) -> value(name);
      case Type.Anything _ ->
          Json.object().put("type", "object").put("x-kubernetes-preserve-unknown-fields", true);
      case Type.MapOf(Type.Value item) -> {
        ObjectNode out = Json.object().put("type", "object");
        out.set("additionalProperties", value(item.name()));
        yield out;
      }
      case Type.ListOf(Type item, List<String> keys) -> {
        ObjectNode out = Json.object().put("type", "array");
        out.set("items", of(item, false));
        if (keys.isEmpty()) {
          out.put("x-kubernetes-list-type", "atomic");
        } else {
          keys.forEach(out.withArray("x-kubernetes-list-map-keys")::add);
          out.put("x-kubernetes-list-type", "map");
          out.put("x-kubernetes-patch-merge-key", keys.getFirst());
          out.put("x-kubernetes-patch-strategy", "merge");
        }
        yield out;
      }
      case Type.SetOf(Type item) -> {
        ObjectNode out = Json.object().put("type", "array");
        out.set("items", of(item, false));
        out.put("x-kubernetes-list-type", "set").put("x-kubernetes-patch-strategy", "merge");
        yield out;
      }
      case Type.Named(String name) -> reference(Types.struct(name), required);
      case Type.Struct struct -> reference(struct, required);
    };
  }

  private ObjectNode reference(Type.Struct type, boolean required) {
    schema(type);
    ObjectNode out = Json.object();
    if (!required) {
      out.putObject("default");
    }
    out.putArray("allOf").addObject().put("$ref", "#/components/schemas/" + type.fullName());
    return out;
  }

  private static ObjectNode value(String name) {
    return switch (name) {
      case "string" -> Json.object().put("type", "string");
      case "bool" -> Json.object().put("type", "boolean");
      case "int32", "int64" -> Json.object().put("type", "integer").put("format", name);
      case "number" -> Json.object().put("type", "number");
      case "time", "microTime" -> Json.object().put("type", "string").put("format", "date-time");
      case "quantity" -> Json.object().put("type", "string");
      case "intOrString" -> {
        ObjectNode out = Json.object().put("format", "int-or-string");
        out.putArray("oneOf").add(Json.object().put("type", "integer"));
        out.withArray("oneOf").add(Json.object().put("type", "string"));
        yield out;
      }
      default -> throw new IllegalStateException("no such type: " + name);
    };
  }
}
