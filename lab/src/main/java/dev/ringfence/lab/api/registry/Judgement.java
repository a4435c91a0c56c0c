package dev.ringfence.lab.api.registry;

import dev.ringfence.core.manifest.Admission;
import dev.ringfence.core.manifest.Before;
import dev.ringfence.core.manifest.FieldValidation;
import dev.ringfence.core.manifest.Manifests;
import dev.ringfence.core.manifest.Problem;
import dev.ringfence.core.manifest.Reading;
import dev.ringfence.core.manifest.Reason;
import dev.ringfence.core.manifest.Release;
import dev.ringfence.core.manifest.SourceText;
import dev.ringfence.lab.api.objects.ApiError;
import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.Kinds;
import dev.ringfence.lab.api.objects.ResourceKind;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// What core's reader says of an object, as an API server says it: the same reader that judges
/// manifests on the command line.
final class Judgement {
  /// Other kinds than these have nothing but metadata that the reader knows, and are read as a
  /// Node, whose name follows the common rule.
  private static final Set<ResourceKind> READ =
      Set.of(
          Kinds.NETWORK_POLICY,
          Kinds.NAMESPACE,
          Kinds.NODE,
          Kinds.POD,
          Kinds.SERVICE,
          Kinds.DEPLOYMENT,
          Kinds.REPLICA_SET,
          Kinds.STATEFUL_SET,
          Kinds.DAEMON_SET);

  private Judgement() {}

  /// The text of a NetworkPolicy as it was sent: names and types of fields (S135 to S140).
  ///
  /// @return warnings
  /// @throws ApiError 400, if it is refused for them
  static List<String> text(byte[] sent, FieldValidation validation) {
    List<String> refused = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    for (Problem problem : read(sent, Before.NOTHING, validation)) {
      if (problem.server() && problem.reason() == Reason.BAD_REQUEST) {
        (problem.isError() ? refused : warnings).add(problem.message());
      }
    }
    if (!refused.isEmpty()) {
      throw undecodable(Kinds.NETWORK_POLICY, why(refused));
    }
    return warnings;
  }

  /// @param why `json: cannot unmarshal …` or `strict decoding error: …`
  static ApiError undecodable(ResourceKind kind, String why) {
    return ApiError.badRequest(
        kind.kind()
            + " in version \""
            + kind.version()
            + "\" cannot be handled as a "
            + kind.kind()
            + ": "
            + why);
  }

  private static String why(List<String> refused) {
    boolean strict =
        refused.size() > 1 || refused.getFirst().matches("(?s)(unknown|duplicate) field \".*");
    return strict ? "strict decoding error: " + String.join(", ", refused) : refused.getFirst();
  }

  /// The object as it would be kept.
  ///
  /// @param before as it is kept now, if it is
  /// @return warnings
  /// @throws ApiError 422 with its causes, or whatever else the server refuses it with
  static List<String> object(ResourceKind kind, ObjectNode object, Optional<ObjectNode> before) {
    ObjectNode asked = object;
    if (!READ.contains(kind)) {
      asked = Json.object().put("apiVersion", "v1").put("kind", "Node");
      asked.set("metadata", object.path("metadata"));
    }
    Before old =
        before
            .filter(_ -> kind.equals(Kinds.NETWORK_POLICY))
            .map(Judgement::before)
            .orElse(Before.NOTHING);
    List<ApiError.Cause> causes = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    for (Problem problem : read(Json.bytes(asked), old, FieldValidation.IGNORE)) {
      if (!problem.server()) {
        continue;
      }
      String reason = problem.reason().toString();
      String field = problem.field().orElse("");
      if (!problem.isError()) {
        warnings.add(field + ": " + problem.message());
      } else if (reason.startsWith("Field")) {
        causes.add(new ApiError.Cause(field, reason, problem.message()));
      } else if (kind.equals(Kinds.NETWORK_POLICY)) {
        throw refused(problem);
      }
    }
    if (!causes.isEmpty()) {
      throw ApiError.invalid(kind, Json.name(object), causes);
    }
    return warnings;
  }

  private static ApiError refused(Problem problem) {
    return switch (problem.reason()) {
      case CONFLICT -> new ApiError(409, "Conflict", problem.message());
      case NOT_FOUND -> new ApiError(404, "NotFound", problem.message());
      case INTERNAL_ERROR -> new ApiError(500, "InternalError", problem.message());
      case BAD_REQUEST -> undecodable(Kinds.NETWORK_POLICY, problem.message());
      case REQUIRED, INVALID, NOT_SUPPORTED, FORBIDDEN, TOO_LONG, ALREADY_EXISTS, SKIPPED ->
          ApiError.badRequest(problem.message());
    };
  }

  private static Before before(ObjectNode kept) {
    return Before.read(List.of(source(Json.bytes(kept))));
  }

  private static List<Problem> read(byte[] text, Before before, FieldValidation validation) {
    Reading reading = new Reading(Admission.WRITTEN, Release.NEWEST, validation, before, true);
    return Manifests.read(List.of(source(text)), reading).problems();
  }

  private static SourceText source(byte[] text) {
    return new SourceText("request", new ByteArrayInputStream(text));
  }
}
