package dev.ringfence.lab.api.registry;

import dev.ringfence.core.manifest.FieldValidation;
import dev.ringfence.lab.api.objects.ApiError;
import dev.ringfence.lab.api.objects.Decoded;
import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.Kinds;
import dev.ringfence.lab.api.objects.ResourceKind;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An object as somebody sent it, taken as the server takes it.
///
/// @param object of the right kind, with fields that it knows
/// @param warnings about fields that were dropped
public record Body(ObjectNode object, List<String> warnings) {
  public Body {
    warnings = List.copyOf(warnings);
  }

  /// The body of a creation or a replacement.
  ///
  /// @throws ApiError 400, if it cannot be read as this kind
  public static Body read(ResourceKind kind, byte[] sent, FieldValidation validation) {
    ObjectNode object = parse(kind, sent);
    ObjectNode envelope = object.deepCopy();
    envelope(kind, envelope);
    List<String> warnings = new ArrayList<>();
    if (kind.equals(Kinds.NETWORK_POLICY)) {
      byte[] text = envelope.equals(object) ? sent : Json.bytes(envelope);
      warnings.addAll(Judgement.text(text, validation));
    }
    Decoded decoded = Decoded.of(kind, envelope);
    if (!decoded.mistyped().isEmpty()) {
      throw Judgement.undecodable(kind, decoded.mistyped().getFirst());
    }
    if (!decoded.unknown().isEmpty() && validation == FieldValidation.STRICT) {
      throw Judgement.undecodable(
          kind, "strict decoding error: " + String.join(", ", decoded.unknown()));
    }
    if (validation == FieldValidation.WARN && !kind.equals(Kinds.NETWORK_POLICY)) {
      warnings.addAll(decoded.unknown());
    }
    return new Body(decoded.object(), warnings);
  }

  /// What a patch has made of an object.
  ///
  /// @throws ApiError 422, if a patch made of it what cannot be read (S175)
  public static Body patched(
      ResourceKind kind, ObjectNode object, FieldValidation validation, String patch) {
    ObjectNode envelope = object.deepCopy();
    envelope(kind, envelope);
    Decoded decoded = Decoded.of(kind, envelope);
    if (!decoded.mistyped().isEmpty()) {
      throw ApiError.invalidPatch(patch, decoded.mistyped().getFirst());
    }
    List<String> unknown = decoded.unknown();
    if (!unknown.isEmpty() && validation == FieldValidation.STRICT) {
      throw ApiError.invalidPatch(patch, "strict decoding error: " + String.join(", ", unknown));
    }
    return new Body(decoded.object(), validation == FieldValidation.WARN ? unknown : List.of());
  }

  /// What was applied: whatever is in it is wanted, so it must all be known (S175).
  ///
  /// @throws ApiError if it is not, or says that it is another object
  public static Body applied(ResourceKind kind, String namespace, String name, byte[] sent) {
    ObjectNode object = parse(kind, sent);
    for (String field : List.of("apiVersion", "kind")) {
      if (Json.textAt(object, field).isEmpty()) {
        throw ApiError.badRequest("invalid object type: " + field + " is missing");
      }
    }
    envelope(kind, object);
    Decoded decoded = Decoded.of(kind, object);
    List<String> faults = new ArrayList<>(decoded.mistyped());
    decoded
        .unknown()
        .forEach(text ->
            faults.add(
                text.replaceAll("unknown field \"(.*)\"", ".$1: field not declared in schema")));
    if (!faults.isEmpty()) {
      String of = namespace.isEmpty() ? "/" + name : namespace + "/" + name;
      throw new ApiError(
          500,
          "",
          "failed to create typed patch object ("
              + of
              + "; "
              + kind.apiVersion()
              + ", Kind="
              + kind.kind()
              + "): "
              + String.join(", ", faults));
    }
    return new Body(decoded.object(), List.of());
  }

  private static ObjectNode parse(ResourceKind kind, byte[] sent) {
    try {
      JsonNode read = Json.read(sent);
      if (read instanceof ObjectNode object) {
        return object;
      }
      throw unrecognized(kind, "it is no JSON object");
    } catch (JacksonException broken) {
      throw unrecognized(kind, "it is no JSON: " + broken.getOriginalMessage());
    }
  }

  private static ApiError unrecognized(ResourceKind kind, String why) {
    return ApiError.badRequest(
        "the object provided is unrecognized (must be of type " + kind.kind() + "): " + why);
  }

  /// Says what it is, if it does not (S179).
  private static void envelope(ResourceKind kind, ObjectNode object) {
    String version = Json.textAt(object, "apiVersion");
    if (!version.isEmpty() && !version.equals(kind.apiVersion())) {
      throw ApiError.badRequest(
          "the API version in the data ("
              + version
              + ") does not match the expected API version ("
              + kind.apiVersion()
              + ")");
    }
    String said = Json.textAt(object, "kind");
    if (!said.isEmpty() && !said.equals(kind.kind())) {
      throw ApiError.badRequest(
          said + " in version \"" + kind.version() + "\" cannot be handled as a " + kind.kind());
    }
    object.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    if (object.path("metadata").isMissingNode() || object.path("metadata").isNull()) {
      object.putObject("metadata");
    }
  }
}
