package dev.ringfence.lab.api;

import dev.ringfence.lab.api.objects.ApiError;
import dev.ringfence.lab.api.objects.Json;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/// What one may do, and who one is: who has the token may do everything.
final class Reviews {
  private Reviews() {}

  /// The kind of the review at this address, if it is one.
  ///
  /// @param path after `apis`
  static Optional<String> kind(List<String> path) {
    return switch (String.join("/", path)) {
      case "authorization.k8s.io/v1/selfsubjectaccessreviews" ->
          Optional.of("SelfSubjectAccessReview");
      case "authorization.k8s.io/v1/selfsubjectrulesreviews" ->
          Optional.of("SelfSubjectRulesReview");
      case "authentication.k8s.io/v1/selfsubjectreviews" -> Optional.of("SelfSubjectReview");
      default -> Optional.empty();
    };
  }

  static void serve(String kind, Call call) throws IOException {
    if (!call.method().equals("POST")) {
      throw Objects.notAllowed();
    }
    ObjectNode review = read(call.body());
    String said = Json.textAt(review, "kind");
    if (!said.isEmpty() && !said.equals(kind)) {
      throw ApiError.badRequest(said + " cannot be handled as a " + kind);
    }
    String group =
        kind.equals("SelfSubjectReview") ? "authentication.k8s.io" : "authorization.k8s.io";
    review.put("kind", kind).put("apiVersion", group + "/v1");
    Json.objectIn(review, "metadata");
    review.set("status", status(kind));
    call.answer(201, review);
  }

  private static ObjectNode read(byte[] body) {
    try {
      if (Protobuf.is(body)) {
        return Protobuf.read(body);
      }
      if (Json.read(body) instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException broken) {
      throw ApiError.badRequest("cannot read the review: " + broken.getOriginalMessage());
    }
    throw ApiError.badRequest("a review is an object");
  }

  private static ObjectNode status(String kind) {
    ObjectNode out = Json.object();
    switch (kind) {
      case "SelfSubjectAccessReview" ->
          out.put("allowed", true).put("reason", "who has the lab's token may do everything");
      case "SelfSubjectRulesReview" -> {
        ObjectNode resources = out.putArray("resourceRules").addObject();
        List.of("verbs", "apiGroups", "resources")
            .forEach(field -> resources.putArray(field).add("*"));
        ObjectNode paths = out.putArray("nonResourceRules").addObject();
        List.of("verbs", "nonResourceURLs").forEach(field -> paths.putArray(field).add("*"));
        out.put("incomplete", false);
      }
      default -> {
        ObjectNode user = out.putObject("userInfo").put("username", "ringfence-lab");
        user.putArray("groups").add("system:masters").add("system:authenticated");
      }
    }
    return out;
  }
}
