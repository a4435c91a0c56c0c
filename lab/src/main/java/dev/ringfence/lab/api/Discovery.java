package dev.ringfence.lab.api;

import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.Kinds;
import dev.ringfence.lab.api.objects.ResourceKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What there is: plain documents, and the aggregated ones that spare a client the walk.
final class Discovery {
  /// Groups besides the first, in the order of their names.
  static final List<String> GROUPS =
      List.of(
          "apps",
          "authentication.k8s.io",
          "authorization.k8s.io",
          "coordination.k8s.io",
          "discovery.k8s.io",
          "networking.k8s.io");

  private static final List<String> VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
  private static final List<String> OF_SUBRESOURCES = List.of("get", "patch", "update");

  /// One line of discovery.
  ///
  /// @param kind of what it answers, with its group and version if they are others
  private record Entry(
      String name,
      String singular,
      boolean namespaced,
      String kindGroup,
      String kind,
      List<String> verbs,
      List<String> shortNames,
      List<String> categories) {}

  private Discovery() {}

  private static List<Entry> entries(String group) {
    List<Entry> out = new ArrayList<>();
    for (ResourceKind kind : Kinds.ALL) {
      if (kind.group().equals(group)) {
        out.add(
            new Entry(
                kind.plural(),
                kind.singular(),
                kind.namespaced(),
                "",
                kind.kind(),
                VERBS,
                kind.shortNames(),
                kind.categories()));
        kind.subresources().stream().sorted().forEach(sub -> out.add(subresource(kind, sub)));
      }
    }
    reviews(group)
        .forEach((plural, kind) ->
            out.add(
                new Entry(
                    plural,
                    kind.toLowerCase(java.util.Locale.ROOT),
                    false,
                    "",
                    kind,
                    List.of("create"),
                    List.of(),
                    List.of())));
    return out;
  }

  private static Entry subresource(ResourceKind kind, String sub) {
    boolean scale = sub.equals("scale");
    return new Entry(
        kind.plural() + "/" + sub,
        "",
        kind.namespaced(),
        scale ? "autoscaling" : "",
        scale ? "Scale" : kind.kind(),
        OF_SUBRESOURCES,
        List.of(),
        List.of());
  }

  private static Map<String, String> reviews(String group) {
    return switch (group) {
      case "authentication.k8s.io" -> Map.of("selfsubjectreviews", "SelfSubjectReview");
      case "authorization.k8s.io" ->
          new TreeMap<>(
              Map.of(
                  "selfsubjectaccessreviews",
                  "SelfSubjectAccessReview",
                  "selfsubjectrulesreviews",
                  "SelfSubjectRulesReview"));
      default -> Map.of();
    };
  }

  static ObjectNode version() {
    return Json.object()
        .put("major", "1")
        .put("minor", "33")
        .put("gitVersion", "v1.33.0+ringfence")
        .put("gitCommit", "")
        .put("gitTreeState", "")
        .put("buildDate", "1970-01-01T00:00:00Z")
        .put("goVersion", "")
        .put("compiler", "")
        .put("platform", "linux/amd64");
  }

  /// `GET /api`
  static ObjectNode versions() {
    ObjectNode out = Json.object().put("kind", "APIVersions");
    out.putArray("versions").add("v1");
    out.putArray("serverAddressByClientCIDRs");
    return out;
  }

  /// `GET /apis`
  static ObjectNode groups() {
    ObjectNode out = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
    ArrayNode groups = out.putArray("groups");
    GROUPS.forEach(group -> groups.add(described(group)));
    return out;
  }

  /// `GET /apis/GROUP`
  static Optional<ObjectNode> group(String group) {
    if (!GROUPS.contains(group)) {
      return Optional.empty();
    }
    ObjectNode out = Json.object().put("kind", "APIGroup").put("apiVersion", "v1");
    return Optional.of(out.setAll(described(group)));
  }

  private static ObjectNode described(String group) {
    ObjectNode version = Json.object().put("groupVersion", group + "/v1").put("version", "v1");
    ObjectNode out = Json.object().put("name", group);
    out.putArray("versions").add(version);
    out.set("preferredVersion", version);
    return out;
  }

  /// `GET /api/v1` and `GET /apis/GROUP/v1`
  static Optional<ObjectNode> resources(String group) {
    if (!group.isEmpty() && !GROUPS.contains(group)) {
      return Optional.empty();
    }
    ObjectNode out = Json.object().put("kind", "APIResourceList").put("apiVersion", "v1");
    out.put("groupVersion", group.isEmpty() ? "v1" : group + "/v1");
    ArrayNode list = out.putArray("resources");
    for (Entry entry : entries(group)) {
      ObjectNode one =
          list.addObject()
              .put("name", entry.name())
              .put("singularName", entry.singular())
              .put("namespaced", entry.namespaced());
      if (!entry.kindGroup().isEmpty()) {
        one.put("group", entry.kindGroup()).put("version", "v1");
      }
      one.put("kind", entry.kind());
      words(one, "verbs", entry.verbs());
      words(one, "shortNames", entry.shortNames());
      words(one, "categories", entry.categories());
    }
    return Optional.of(out);
  }

  private static void words(ObjectNode node, String field, List<String> words) {
    if (!words.isEmpty()) {
      words.forEach(node.withArray(field)::add);
    }
  }

  /// @param version of the format: `v2` or `v2beta1`
  /// @param groups `""` for `/api`
  static ObjectNode aggregated(String version, List<String> groups) {
    ObjectNode out =
        Json.object()
            .put("kind", "APIGroupDiscoveryList")
            .put("apiVersion", "apidiscovery.k8s.io/" + version);
    out.putObject("metadata");
    ArrayNode items = out.putArray("items");
    for (String group : groups) {
      ObjectNode item = items.addObject();
      item.putObject("metadata");
      if (!group.isEmpty()) {
        Json.objectIn(item, "metadata").put("name", group);
      }
      ObjectNode of = item.putArray("versions").addObject().put("version", "v1");
      of.put("freshness", "Current");
      resources(group, of.putArray("resources"));
    }
    return out;
  }

  private static void resources(String group, ArrayNode into) {
    ObjectNode last = Json.object();
    for (Entry entry : entries(group)) {
      boolean sub = entry.name().contains("/");
      ObjectNode one = sub ? last.withArray("subresources").addObject() : into.addObject();
      if (sub) {
        one.put("subresource", entry.name().substring(entry.name().indexOf('/') + 1));
      } else {
        last = one;
        one.put("resource", entry.name());
      }
      one.putObject("responseKind")
          .put("group", entry.kindGroup().isEmpty() ? group : entry.kindGroup())
          .put("version", "v1")
          .put("kind", entry.kind());
      if (!sub) {
        one.put("scope", entry.namespaced() ? "Namespaced" : "Cluster");
        one.put("singularResource", entry.singular());
      }
      words(one, "verbs", entry.verbs());
      words(one, "shortNames", entry.shortNames());
      words(one, "categories", entry.categories());
    }
  }
}
