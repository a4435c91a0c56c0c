package dev.ringfence.lab.api.objects;

import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A request that is refused, as the `Status` object that says so.
public final class ApiError extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int code;
  private final transient ObjectNode status;

  /// One item of `details.causes`.
  public record Cause(String field, String reason, String message) {}

  private ApiError(int code, String reason, String message, ObjectNode details) {
    super(message);
    this.code = code;
    this.status = status("Failure", message, reason, details, code);
  }

  /// Any refusal that has no details.
  public ApiError(int code, String reason, String message) {
    this(code, reason, message, Json.object());
  }

  private static ObjectNode status(
      String outcome, String message, String reason, ObjectNode details, int code) {
    ObjectNode out = Json.object().put("kind", "Status").put("apiVersion", "v1");
    out.putObject("metadata");
    out.put("status", outcome);
    if (!message.isEmpty()) {
      out.put("message", message);
    }
    if (!reason.isEmpty()) {
      out.put("reason", reason);
    }
    if (!details.isEmpty()) {
      out.set("details", details);
    }
    if (code != 0) {
      out.put("code", code);
    }
    return out;
  }

  /// What a deletion answers.
  public static ObjectNode success(ResourceKind kind, String name, String uid) {
    return status("Success", "", "", details(kind, name).put("uid", uid), 0);
  }

  public int code() {
    return code;
  }

  public ObjectNode status() {
    return status.deepCopy();
  }

  private static ObjectNode details(ResourceKind kind, String name) {
    ObjectNode out = Json.object().put("name", name);
    if (!kind.group().isEmpty()) {
      out.put("group", kind.group());
    }
    return out.put("kind", kind.plural());
  }

  public static ApiError badRequest(String message) {
    return new ApiError(400, "BadRequest", message);
  }

  public static ApiError notFound(ResourceKind kind, String name) {
    return new ApiError(
        404, "NotFound", kind.resource() + " \"" + name + "\" not found", details(kind, name));
  }

  /// Nothing of ours is at this address.
  public static ApiError noSuchPath() {
    return new ApiError(404, "NotFound", "the server could not find the requested resource");
  }

  public static ApiError alreadyExists(ResourceKind kind, String name) {
    return new ApiError(
        409,
        "AlreadyExists",
        kind.resource() + " \"" + name + "\" already exists",
        details(kind, name));
  }

  public static ApiError conflict(ResourceKind kind, String name, String why) {
    return new ApiError(
        409,
        "Conflict",
        "Operation cannot be fulfilled on " + kind.resource() + " \"" + name + "\": " + why,
        details(kind, name));
  }

  public static ApiError forbidden(ResourceKind kind, String name, String why) {
    return new ApiError(
        403,
        "Forbidden",
        kind.resource() + " \"" + name + "\" is forbidden: " + why,
        details(kind, name));
  }

  public static ApiError expired(String message) {
    return new ApiError(410, "Expired", message);
  }

  public static ApiError unsupportedMediaType(String message) {
    return new ApiError(415, "UnsupportedMediaType", message);
  }

  /// Fields that are wrong (S131, S132); the same message twice counts once.
  public static ApiError invalid(ResourceKind kind, String name, List<Cause> causes) {
    String listed =
        causes.stream()
            .map(cause -> cause.field() + ": " + cause.message())
            .distinct()
            .collect(Collectors.joining(", "));
    boolean several = causes.stream().distinct().count() > 1;
    String dotted = kind.group().isEmpty() ? kind.kind() : kind.kind() + "." + kind.group();
    ObjectNode details = Json.object().put("name", name);
    if (!kind.group().isEmpty()) {
      details.put("group", kind.group());
    }
    details.put("kind", kind.kind());
    details.set("causes", causes(causes));
    return new ApiError(
        422,
        "Invalid",
        dotted + " \"" + name + "\" is invalid: " + (several ? "[" + listed + "]" : listed),
        details);
  }

  /// A patch whose outcome cannot be read (S175).
  public static ApiError invalidPatch(String shown, String why) {
    Cause cause = new Cause("patch", "FieldValueInvalid", "Invalid value: " + shown + ": " + why);
    ObjectNode details = Json.object();
    details.set("causes", causes(List.of(cause)));
    return new ApiError(422, "Invalid", " \"\" is invalid: patch: " + cause.message(), details);
  }

  /// What others own and an apply would change.
  public static ApiError applyConflict(String message, List<Cause> conflicts) {
    ObjectNode details = Json.object();
    details.set("causes", causes(conflicts));
    return new ApiError(409, "Conflict", message, details);
  }

  private static ArrayNode causes(List<Cause> causes) {
    ArrayNode out = Json.array();
    causes.stream()
        .distinct()
        .forEach(cause ->
            out.addObject()
                .put("reason", cause.reason())
                .put("message", cause.message())
                .put("field", cause.field()));
    return out;
  }
}
