package dev.ringfence.lab.api;

import dev.ringfence.core.manifest.FieldValidation;
import dev.ringfence.lab.api.objects.ApiError;
import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.Kinds;
import dev.ringfence.lab.api.objects.Metadata;
import dev.ringfence.lab.api.objects.ResourceKind;
import dev.ringfence.lab.api.registry.Body;
import dev.ringfence.lab.api.registry.DeleteOptions;
import dev.ringfence.lab.api.registry.Registry;
import dev.ringfence.lab.api.registry.WriteOptions;
import dev.ringfence.lab.api.registry.Written;
import dev.ringfence.lab.api.store.Key;
import dev.ringfence.lab.api.store.Stored;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Requests about objects.
final class Objects {
  private static final int LONGEST_MANAGER = 128;

  /// What judges or carries packets; workloads bring theirs about step by step, and say so.
  private static final Set<ResourceKind> AWAITED =
      Set.of(Kinds.NAMESPACE, Kinds.NETWORK_POLICY, Kinds.NODE, Kinds.POD, Kinds.SERVICE);

  private final Registry registry;
  private final Effects effects;
  private final Lists lists;

  Objects(Registry registry, Effects effects) {
    this.registry = registry;
    this.effects = effects;
    this.lists = new Lists(registry.store());
  }

  void serve(Target target, Call call) throws IOException, InterruptedException {
    String subresource = target.subresource();
    if (subresource.equals("scale") && target.kind().has("scale")) {
      new Scales(registry).serve(target, call);
    } else if (target.kind().equals(Kinds.POD) && Pods.isAbout(subresource)) {
      Pods.refuse(registry, target);
    } else if (!subresource.isEmpty() && !target.kind().has(subresource)) {
      throw ApiError.noSuchPath();
    } else if (target.name().isEmpty()) {
      collection(target, call);
    } else {
      one(target, call);
    }
  }

  private void collection(Target target, Call call) throws IOException, InterruptedException {
    switch (call.method()) {
      case "GET" -> list(target, call);
      case "POST" -> create(target, call);
      case "DELETE" -> deleteAll(target, call);
      default -> throw notAllowed();
    }
  }

  private void one(Target target, Call call) throws IOException, InterruptedException {
    switch (call.method()) {
      case "GET" -> get(target, call);
      case "PUT" -> replace(target, call);
      case "PATCH" -> patch(target, call);
      case "DELETE" -> delete(target, call);
      default -> throw notAllowed();
    }
  }

  static ApiError notAllowed() {
    return new ApiError(
        405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
  }

  private void list(Target target, Call call) throws IOException, InterruptedException {
    Selection selection = Selection.of(target.kind(), target.namespace(), call.query());
    if (!call.query().flag("watch")) {
      Form form = Form.of(target.kind(), call);
      call.answer(200, lists.list(target.kind(), selection, form, call.query()));
    } else if (call.header("Upgrade").equalsIgnoreCase("websocket")) {
      call.answer(200, Call.JSON, new byte[0]); // tells the client to ask without it
    } else {
      WatchStream.serve(registry.store(), target.kind(), selection, call);
    }
  }

  private void get(Target target, Call call) throws IOException {
    ObjectNode found = registry.get(target.kind(), target.namespace(), target.name());
    call.answer(200, Form.of(target.kind(), call).one(found));
  }

  private static WriteOptions options(Call call, String kind) {
    return new WriteOptions(
        manager(call), call.query().dryRun(kind), call.query().validation(kind));
  }

  /// Who does not say is called by its program.
  private static String manager(Call call) {
    String said = call.query().text("fieldManager");
    if (said.length() > LONGEST_MANAGER) {
      throw ApiError.badRequest("fieldManager: Too long: may not be more than 128 bytes");
    }
    String agent = call.header("User-Agent").split("/", 2)[0];
    return said.isEmpty() ? agent.isEmpty() ? "unknown" : agent : said;
  }

  private static Body body(ResourceKind kind, Call call, FieldValidation validation)
      throws IOException {
    byte[] sent = call.body();
    return switch (call.contentType()) {
      case "application/vnd.kubernetes.protobuf" ->
          Body.read(kind, Json.bytes(Protobuf.read(sent)), validation);
      case "", "application/json" -> Body.read(kind, sent, validation);
      case String other ->
          throw ApiError.unsupportedMediaType(
              "the body of the request was in an unknown format - accepted media types include: "
                  + "application/json, application/vnd.kubernetes.protobuf, not "
                  + other);
    };
  }

  private void create(Target target, Call call) throws IOException, InterruptedException {
    if (target.kind().namespaced() && target.namespace().isEmpty()) {
      throw notAllowed();
    }
    WriteOptions options = options(call, "CreateOptions");
    Body body = body(target.kind(), call, options.validation());
    call.warn(body.warnings()); // also of an object that is refused then (S130)
    answer(
        target, call, options, registry.create(target.kind(), target.namespace(), body, options));
  }

  private void answer(Target target, Call call, WriteOptions options, Written written)
      throws IOException, InterruptedException {
    call.warn(written.warnings());
    if (!options.dryRun()) {
      ObjectNode object = written.object();
      boolean gone = Metadata.isGoing(object); // the last finalizer may have been it
      long revision =
          gone ? registry.store().revision() : Json.numberAt(object, "metadata", "resourceVersion");
      awaitEffect(target.kind(), List.of(object), revision, call);
    }
    call.answer(written.created() ? 201 : 200, Form.of(target.kind(), call).one(written.object()));
  }

  /// Answers not before it is in force, or says that it is not.
  private void awaitEffect(ResourceKind kind, List<ObjectNode> objects, long revision, Call call)
      throws InterruptedException {
    if (AWAITED.contains(kind)) {
      List<Key> keys = objects.stream().map(one -> Registry.key(kind, one)).toList();
      call.warn(effects.await(keys, revision));
    }
  }

  private void replace(Target target, Call call) throws IOException, InterruptedException {
    WriteOptions options = options(call, "UpdateOptions");
    Body body = body(target.kind(), call, options.validation());
    call.warn(body.warnings());
    answer(
        target,
        call,
        options,
        registry.rewrite(
            target.kind(),
            target.namespace(),
            target.name(),
            target.subresource(),
            options,
            _ -> body));
  }

  private void patch(Target target, Call call) throws IOException, InterruptedException {
    WriteOptions options = options(call, "PatchOptions");
    byte[] sent = call.body();
    String type = call.contentType();
    if (type.startsWith("application/apply-patch")) {
      apply(target, call, sent, options);
      return;
    }
    String shown = new String(sent, StandardCharsets.UTF_8);
    Registry.Edit edit =
        live -> {
          Body body =
              Body.patched(
                  target.kind(),
                  Patches.apply(target.kind(), type, live, sent),
                  options.validation(),
                  shown);
          call.warn(body.warnings());
          return body;
        };
    answer(
        target,
        call,
        options,
        registry.rewrite(
            target.kind(), target.namespace(), target.name(), target.subresource(), options, edit));
  }

  private void apply(Target target, Call call, byte[] sent, WriteOptions options)
      throws IOException, InterruptedException {
    if (call.query().text("fieldManager").isEmpty()) {
      throw new ApiError(
          422,
          "Invalid",
          "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for "
              + "apply patch");
    }
    Body body = Body.applied(target.kind(), target.namespace(), target.name(), sent);
    answer(
        target,
        call,
        options,
        registry.apply(
            target.kind(),
            target.namespace(),
            target.name(),
            target.subresource(),
            body,
            call.query().flag("force"),
            options));
  }

  private static DeleteOptions deleteOptions(Call call) throws IOException {
    byte[] sent = call.body();
    try {
      JsonNode body = sent.length == 0 ? Json.object() : Json.read(sent);
      return DeleteOptions.of(
          body, call.query().text("propagationPolicy"), call.query().dryRun("DeleteOptions"));
    } catch (JacksonException broken) {
      throw ApiError.badRequest("cannot read the DeleteOptions: " + broken.getOriginalMessage());
    }
  }

  private void delete(Target target, Call call) throws IOException, InterruptedException {
    if (!target.subresource().isEmpty()) {
      throw notAllowed();
    }
    DeleteOptions options = deleteOptions(call);
    ObjectNode deleted = registry.delete(target.kind(), target.namespace(), target.name(), options);
    awaitGone(target.kind(), List.of(deleted), options, call);
    boolean waits = Metadata.isGoing(deleted);
    String uid = Json.textAt(deleted, "metadata", "uid");
    call.answer(
        200,
        waits
            ? Form.of(target.kind(), call).one(deleted)
            : ApiError.success(target.kind(), target.name(), uid));
  }

  private void awaitGone(
      ResourceKind kind, List<ObjectNode> deleted, DeleteOptions options, Call call)
      throws InterruptedException {
    if (!options.dryRun()) {
      awaitEffect(kind, deleted, registry.store().revision(), call);
    }
  }

  private void deleteAll(Target target, Call call) throws IOException, InterruptedException {
    ResourceKind kind = target.kind();
    Selection selection = Selection.of(kind, target.namespace(), call.query());
    DeleteOptions options = deleteOptions(call);
    List<ObjectNode> deleted = new ArrayList<>();
    for (Stored stored : registry.store().list(kind.resource()).objects()) {
      if (selection.matches(stored)
          && registry.find(kind, stored.key().namespace(), stored.key().name()).isPresent()) {
        deleted.add(registry.delete(kind, stored.key().namespace(), stored.key().name(), options));
      }
    }
    awaitGone(kind, deleted, options, call);
    ObjectNode meta =
        Json.object().put("resourceVersion", String.valueOf(registry.store().revision()));
    call.answer(200, Form.of(kind, call).list(deleted, meta));
  }
}
