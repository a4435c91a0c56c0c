package dev.ringfence.lab.cluster;

import dev.ringfence.core.manifest.JsonTexts;
import dev.ringfence.core.manifest.SourceText;
import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.Kinds;
import dev.ringfence.lab.api.objects.ResourceKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Manifests, sorted by who takes them.
///
/// @param objects of kinds that the API keeps, in the order in which they can be made
/// @param rest documents of other kinds, as JSON: the lab's own, Jobs, what we do not know
record Texts(List<ObjectNode> objects, List<ObjectNode> rest) {
  /// Owners before what they own.
  private static final List<ResourceKind> ORDER =
      List.of(
          Kinds.NAMESPACE,
          Kinds.NODE,
          Kinds.SERVICE_ACCOUNT,
          Kinds.DEPLOYMENT,
          Kinds.REPLICA_SET,
          Kinds.STATEFUL_SET,
          Kinds.DAEMON_SET,
          Kinds.POD,
          Kinds.SERVICE,
          Kinds.NETWORK_POLICY,
          Kinds.ENDPOINT_SLICE);

  static Texts of(List<SourceText> files) {
    List<ObjectNode> all = new ArrayList<>();
    for (SourceText file : files) {
      for (String text : JsonTexts.of(file)) {
        all.add((ObjectNode) Json.read(text));
      }
    }
    List<ObjectNode> objects = new ArrayList<>();
    for (ResourceKind kind : ORDER) {
      all.stream().filter(one -> kind(one).filter(kind::equals).isPresent()).forEach(objects::add);
    }
    return new Texts(
        objects, all.stream().filter(one -> kind(one).filter(ORDER::contains).isEmpty()).toList());
  }

  /// What an object says it is, if the API has that.
  static Optional<ResourceKind> kind(ObjectNode object) {
    return Kinds.ALL.stream()
        .filter(kind ->
            kind.kind().equals(Json.textAt(object, "kind"))
                && kind.apiVersion().equals(Json.textAt(object, "apiVersion")))
        .findFirst();
  }

  /// The namespace an object belongs to; empty for kinds that live in none.
  static String namespace(ResourceKind kind, ObjectNode object) {
    String said = Json.namespace(object);
    return !kind.namespaced() ? "" : said.isEmpty() ? "default" : said;
  }
}
