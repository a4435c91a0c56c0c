package dev.ringfence.lab.api.objects;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Who has set which field of an object: `metadata.managedFields`.
///
/// Simpler than a cluster's: one version of every kind, no transfer of what was set before fields
/// were tracked, an empty map or list has an owner itself. Conflicts are told in the same words.
public final class FieldOwners {
  private final ResourceKind kind;
  private final List<Entry> entries = new ArrayList<>();

  /// Who writes, and how.
  public record Owner(String name, String operation, String subresource) {
    public static Owner updating(String name, String subresource) {
      return new Owner(name, "Update", subresource);
    }

    public static Owner applying(String name, String subresource) {
      return new Owner(name, "Apply", subresource);
    }

    private String shown(String apiVersion) {
      String out = "\"" + name + "\"";
      if (!subresource.isEmpty()) {
        out += " with subresource \"" + subresource + "\"";
      }
      return operation.equals("Update") ? out + " using " + apiVersion : out;
    }
  }

  private record Entry(Owner manager, String time, Set<List<String>> fields) {}

  private FieldOwners(ResourceKind kind) {
    this.kind = kind;
  }

  /// As the object says.
  public static FieldOwners of(ResourceKind kind, ObjectNode object) {
    FieldOwners out = new FieldOwners(kind);
    for (JsonNode one : Json.items(object, "metadata", "managedFields")) {
      Set<List<String>> fields = new HashSet<>();
      leaves(one.path("fieldsV1"), List.of(), fields);
      Owner manager =
          new Owner(
              Json.textAt(one, "manager"),
              Json.textAt(one, "operation"),
              Json.textAt(one, "subresource"));
      out.entries.add(new Entry(manager, Json.textAt(one, "time"), fields));
    }
    return out;
  }

  private static void leaves(JsonNode node, List<String> at, Set<List<String>> into) {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      List<String> path = FieldPaths.plus(at, entry.getKey());
      if (entry.getValue().isEmpty()) {
        into.add(path);
      } else {
        leaves(entry.getValue(), path, into);
      }
    }
  }

  /// What a writer has changed is its own from now on.
  public void updated(Owner by, String now, ObjectNode before, ObjectNode after) {
    Map<List<String>, JsonNode> old = FieldPaths.of(kind, before);
    Map<List<String>, JsonNode> fresh = FieldPaths.of(kind, after);
    Set<List<String>> changed = new HashSet<>();
    fresh.forEach((path, value) -> {
      boolean there = old.containsKey(path);
      boolean same = path.getLast().equals(FieldPaths.SELF) || value.equals(old.get(path));
      if (!there || !same) {
        changed.add(path);
      }
    });
    entries.forEach(entry -> entry.fields().retainAll(fresh.keySet()));
    if (changed.isEmpty()) {
      return;
    }
    Set<List<String>> own = new HashSet<>(changed);
    for (Entry entry : entries) {
      if (entry.manager().equals(by)) {
        own.addAll(entry.fields());
      } else {
        entry.fields().removeAll(changed);
      }
    }
    replace(new Entry(by, now, own));
  }

  private void replace(Entry entry) {
    entries.removeIf(one -> one.manager().equals(entry.manager()));
    entries.add(entry);
  }

  /// Server-side apply: the object with what was applied in it, and without what the same manager
  /// applied before and nobody else has.
  ///
  /// @param force takes from others what they own and have otherwise
  /// @throws ApiError a conflict, if others own what would change
  public ObjectNode applied(
      Owner by, String now, ObjectNode live, ObjectNode applied, boolean force) {
    Map<List<String>, JsonNode> wanted = FieldPaths.of(kind, applied);
    Map<List<String>, JsonNode> there = FieldPaths.of(kind, live);
    Set<List<String>> changed = new HashSet<>();
    wanted.forEach((path, value) -> {
      boolean same = path.getLast().equals(FieldPaths.SELF) || value.equals(there.get(path));
      if (!same) {
        changed.add(path);
      }
    });
    if (!force) {
      refuseConflicts(by, changed);
    }
    ObjectNode out = StrategicMerge.apply(kind, live, applied);
    for (List<String> path : given(by, wanted.keySet())) {
      FieldPaths.remove(out, path);
    }
    for (Entry entry : entries) {
      if (!entry.manager().equals(by)) {
        entry.fields().removeAll(changed);
      }
    }
    boolean same =
        entries.stream()
            .anyMatch(e -> e.manager().equals(by) && e.fields().equals(wanted.keySet()));
    if (!same || !changed.isEmpty()) {
      replace(new Entry(by, now, new HashSet<>(wanted.keySet())));
    }
    return out;
  }

  /// What the manager has applied before, no longer wants, and owns alone.
  private List<List<String>> given(Owner by, Set<List<String>> wanted) {
    Set<List<String>> others = new HashSet<>();
    Set<List<String>> mine = new HashSet<>();
    for (Entry entry : entries) {
      (entry.manager().equals(by) ? mine : others).addAll(entry.fields());
    }
    List<List<String>> out = new ArrayList<>();
    for (List<String> path : mine) {
      if (wanted.contains(path) || others.contains(path)) {
        continue;
      }
      if (!path.getLast().equals(FieldPaths.SELF)) {
        out.add(path);
        continue;
      }
      List<String> item = path.subList(0, path.size() - 1);
      boolean shared =
          others.stream()
              .anyMatch(o -> o.size() > item.size() && o.subList(0, item.size()).equals(item));
      if (!shared) {
        out.add(item);
      }
    }
    return out;
  }

  private void refuseConflicts(Owner by, Set<List<String>> changed) {
    List<ApiError.Cause> causes = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.manager().equals(by)) {
        continue;
      }
      String message = "conflict with " + entry.manager().shown(kind.apiVersion());
      Set<String> fields = new TreeSet<>();
      for (List<String> path : entry.fields()) {
        if (changed.contains(path)) {
          fields.add(FieldPaths.shown(path));
        }
      }
      fields.forEach(
          field -> causes.add(new ApiError.Cause(field, "FieldManagerConflict", message)));
      if (fields.size() == 1) {
        lines.add(message + ": " + fields.iterator().next());
      } else if (!fields.isEmpty()) {
        lines.add(
            "conflicts with "
                + entry.manager().shown(kind.apiVersion())
                + ":\n- "
                + String.join("\n- ", fields));
      }
    }
    if (!causes.isEmpty()) {
      String count = causes.size() == 1 ? "1 conflict" : causes.size() + " conflicts";
      throw ApiError.applyConflict(
          "Apply failed with " + count + ": " + String.join("\n", lines), causes);
    }
  }

  /// Writes it into the object, which is changed.
  public void writeTo(ObjectNode object) {
    entries.removeIf(entry -> entry.fields().isEmpty());
    ObjectNode meta = Json.objectIn(object, "metadata");
    if (entries.isEmpty()) {
      meta.remove("managedFields");
      return;
    }
    ArrayNode out = Json.array();
    for (Entry entry : entries) {
      ObjectNode one = out.addObject();
      one.put("manager", entry.manager().name());
      one.put("operation", entry.manager().operation());
      one.put("apiVersion", kind.apiVersion());
      one.put("time", entry.time());
      one.put("fieldsType", "FieldsV1");
      one.set("fieldsV1", tree(entry.fields()));
      if (!entry.manager().subresource().isEmpty()) {
        one.put("subresource", entry.manager().subresource());
      }
    }
    meta.set("managedFields", out);
  }

  private static ObjectNode tree(Set<List<String>> paths) {
    ObjectNode out = Json.object();
    paths.stream()
        .sorted((a, b) -> String.join("\0", a).compareTo(String.join("\0", b)))
        .forEach(path -> {
          ObjectNode at = out;
          for (String step : path) {
            at = Json.objectIn(at, step);
          }
        });
    return out;
  }
}
