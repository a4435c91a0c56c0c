package dev.ringfence.lab.api;

import dev.ringfence.lab.api.objects.ApiError;
import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.registry.Registry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// From an address to who answers.
final class Router {
  private static final String IMMUTABLE = "public, immutable";

  private final Objects objects;

  Router(Registry registry, Effects effects) {
    this.objects = new Objects(registry, effects);
  }

  /// @throws ApiError to refuse it
  void serve(Call call) throws IOException, InterruptedException {
    List<String> path = call.path();
    String first = path.isEmpty() ? "" : path.getFirst();
    List<String> rest = path.isEmpty() ? path : path.subList(1, path.size());
    switch (first) {
      case "api" -> api(rest, call);
      case "apis" -> apis(rest, call);
      case "version" -> call.answer(200, Discovery.version());
      case "openapi" -> openApi(rest, call);
      case "healthz", "livez", "readyz" ->
          call.answer(200, "text/plain; charset=utf-8", "ok".getBytes(StandardCharsets.UTF_8));
      default -> throw ApiError.noSuchPath();
    }
  }

  private void api(List<String> path, Call call) throws IOException, InterruptedException {
    if (path.isEmpty()) {
      discover(call, List.of(""), Discovery.versions());
    } else if (!path.getFirst().equals("v1")) {
      throw ApiError.noSuchPath();
    } else if (path.size() == 1) {
      discover(call, "");
    } else {
      objects.serve(Target.of("", "v1", path.subList(1, path.size())), call);
    }
  }

  private void apis(List<String> path, Call call) throws IOException, InterruptedException {
    Optional<String> review = Reviews.kind(path);
    if (path.isEmpty()) {
      discover(call, Discovery.GROUPS, Discovery.groups());
    } else if (path.size() == 1) {
      call.answer(200, Discovery.group(path.getFirst()).orElseThrow(ApiError::noSuchPath));
    } else if (!path.get(1).equals("v1")) {
      throw ApiError.noSuchPath();
    } else if (path.size() == 2) {
      discover(call, path.getFirst());
    } else if (review.isPresent()) {
      Reviews.serve(review.get(), call);
    } else {
      objects.serve(Target.of(path.getFirst(), "v1", path.subList(2, path.size())), call);
    }
  }

  private static void discover(Call call, String group) throws IOException {
    call.answer(200, Discovery.resources(group).orElseThrow(ApiError::noSuchPath));
  }

  /// @param plain for who does not know the aggregated form
  private static void discover(Call call, List<String> groups, ObjectNode plain)
      throws IOException {
    String accept = call.accept();
    for (String version : List.of("v2", "v2beta1")) {
      String type = "g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList";
      if (accept.contains(type)) {
        byte[] document = Json.bytes(Discovery.aggregated(version, groups));
        call.answerTagged(Call.JSON + ";" + type, document);
        return;
      }
    }
    call.answerTagged(Call.JSON, Json.bytes(plain));
  }

  private static void openApi(List<String> path, Call call) throws IOException {
    if (path.equals(List.of("v2"))) {
      OpenApiV2.answer(call);
      return;
    }
    if (path.isEmpty() || !path.getFirst().equals("v3")) {
      throw ApiError.noSuchPath();
    }
    if (path.size() == 1) {
      call.answerTagged(Call.JSON, Json.bytes(OpenApi.index()));
      return;
    }
    byte[] document =
        OpenApi.document(path.subList(1, path.size())).orElseThrow(ApiError::noSuchPath);
    if (!call.query().text("hash").isEmpty()) {
      call.headers().set("Cache-Control", IMMUTABLE);
    }
    call.answerTagged(Call.JSON, document);
  }
}
