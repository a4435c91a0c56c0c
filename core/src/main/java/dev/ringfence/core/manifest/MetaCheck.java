package dev.ringfence.core.manifest;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// Validation of a NetworkPolicy's metadata in the server's order: generateName, name, labels,
/// annotations, ownerReferences, finalizers (S133, S143 to S146, S181).
final class MetaCheck {
  private static final int MOST_ANNOTATION_BYTES = 256 * 1024;
  private static final int LONGEST_GENERATED_PREFIX = 58;
  private static final String ORPHAN = "orphan";
  private static final String FOREGROUND = "foregroundDeletion";
  private static final Set<String> STANDARD_FINALIZERS = Set.of("kubernetes", ORPHAN, FOREGROUND);

  private final Findings findings;
  private final PolicyRules rules;
  private final Release release;

  MetaCheck(Findings findings, PolicyRules rules) {
    this.findings = findings;
    this.rules = rules;
    this.release = rules.release();
  }

  void check(Tree.Mapping root) {
    Tree.Mapping meta = Values.mappingOrEmpty(root, "metadata");
    Path path = Path.root(root).field(root, "metadata");
    rules.old().ifPresent(old -> isTheSame(old, meta, path));
    names(meta, path);
    labels(meta, path);
    annotations(meta, path);
    owners(meta, path);
    finalizers(meta, path);
  }

  /// Another object of the same name, or another state of it: the server looks no further.
  private void isTheSame(Before.Old old, Tree.Mapping meta, Path path) {
    String start =
        "Operation cannot be fulfilled on networkpolicies.networking.k8s.io "
            + GoText.quote(old.name())
            + ": ";
    String uid = Values.text(meta, "uid").orElse("");
    if (!uid.isEmpty() && !uid.equals(old.uid())) {
      String there = old.uid().isEmpty() ? "one that the server has chosen" : old.uid();
      findings.conflict(
          path.field(meta, "uid"),
          start
              + "StorageError: invalid object, Code: 4, Key: /networkpolicies/"
              + old.namespace()
              + "/"
              + old.name()
              + ", ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: "
              + "UID in precondition: "
              + uid
              + ", UID in object meta: "
              + there);
    }
    String version = Values.text(meta, "resourceVersion").orElse("");
    if (!version.isEmpty()
        && !old.resourceVersion().isEmpty()
        && !version.equals(old.resourceVersion())) {
      findings.conflict(
          path.field(meta, "resourceVersion"),
          start
              + "the object has been modified; please apply your changes to the latest version and "
              + "try again");
    }
  }

  /// What the rest of the object must be right for (S181).
  void last(Tree.Mapping root) {
    Tree.Mapping meta = Values.mappingOrEmpty(root, "metadata");
    Path path = Path.root(root).field(root, "metadata");
    rules.old().ifPresent(old -> newFinalizers(old, meta, path));
    boolean versioned = !Values.text(meta, "resourceVersion").orElse("").isEmpty();
    if (versioned && rules.old().isEmpty() && rules.reading().posted()) {
      findings.last(
          path.field(meta, "resourceVersion"),
          "resourceVersion should not be set on objects to be created");
    }
  }

  private void newFinalizers(Before.Old old, Tree.Mapping meta, Path path) {
    SortedSet<String> added = new TreeSet<>();
    for (Tree item : Values.items(meta, "finalizers")) {
      String text = Values.itemText(item);
      if (text != null && !old.finalizers().contains(text)) {
        added.add(GoText.quote(text));
      }
    }
    if (old.deleting() && !added.isEmpty()) {
      findings.forbidden(
          path.field(meta, "finalizers"),
          "no new finalizers can be added if the object is being deleted, found new finalizers "
              + "[]string{"
              + String.join(", ", added)
              + "}");
    }
  }

  private void names(Tree.Mapping meta, Path path) {
    Optional<String> prefix = Values.text(meta, "generateName").filter(text -> !text.isEmpty());
    Optional<String> name = Values.text(meta, "name").filter(text -> !text.isEmpty());
    prefix.ifPresent(text -> {
      String masked = text.endsWith("-") ? text.substring(0, text.length() - 1) + "a" : text;
      Names.subdomain(masked)
          .forEach(mistake ->
              findings.invalid(path.field(meta, "generateName"), GoText.quote(text), mistake));
    });
    Path at = path.field(meta, "name");
    if (name.isPresent()) {
      Names.subdomain(name.get())
          .forEach(mistake -> findings.invalid(at, GoText.quote(name.get()), mistake));
    } else if (prefix.isPresent()) {
      String generated =
          prefix.get().substring(0, Math.min(prefix.get().length(), LONGEST_GENERATED_PREFIX))
              + "aaaaa";
      Names.subdomain(generated)
          .forEach(mistake -> findings.invalid(at, GoText.quote(generated), mistake));
    } else if (meta.get("name") == null || Values.text(meta, "name").isPresent()) {
      findings.required(at, "name or generateName is required");
    }
  }

  private void labels(Tree.Mapping meta, Path path) {
    Tree.Mapping labels = Values.mapping(meta, "labels");
    if (labels == null) {
      return;
    }
    Path at = path.field(meta, "labels");
    for (Tree.Entry entry : labels.entries()) {
      for (String mistake : Names.labelKey(entry.key(), release)) {
        findings.invalid(at.at(entry), GoText.quote(entry.key()), mistake);
      }
      String value = Values.itemText(entry.value());
      for (String mistake : value == null ? List.<String>of() : Names.labelValue(value, release)) {
        findings.invalid(at.at(entry), GoText.quote(String.valueOf(value)), mistake);
      }
    }
  }

  private void annotations(Tree.Mapping meta, Path path) {
    Tree.Mapping annotations = Values.mapping(meta, "annotations");
    if (annotations == null) {
      return;
    }
    Path at = path.field(meta, "annotations");
    long size = 0;
    for (Tree.Entry entry : annotations.entries()) {
      String lower = entry.key().toLowerCase(Locale.ROOT);
      for (String mistake : Names.labelKey(lower, release)) {
        findings.invalid(at.at(entry), GoText.quote(entry.key()), mistake);
      }
      String value = Values.itemText(entry.value());
      size += bytes(entry.key()) + bytes(value == null ? "" : value);
    }
    if (size > MOST_ANNOTATION_BYTES) {
      findings.tooLong(at, "may not be more than " + MOST_ANNOTATION_BYTES + " bytes");
    }
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private void owners(Tree.Mapping meta, Path path) {
    Path list = path.field(meta, "ownerReferences");
    String controller = null;
    int i = 0;
    for (Tree item : Values.items(meta, "ownerReferences")) {
      Tree.Mapping owner = Values.item(item);
      Path at = list.item(i++, item);
      if (owner == null) {
        continue;
      }
      for (String field : List.of("apiVersion", "kind", "name", "uid")) {
        if (Values.text(owner, field).orElse("").isEmpty()) {
          findings.required(at.field(owner, field), "must not be empty");
        }
      }
      if (Values.isTrue(owner, "controller")) {
        String name =
            Values.text(owner, "kind").orElse("") + "/" + Values.text(owner, "name").orElse("");
        if (controller == null) {
          controller = name;
        } else {
          findings.invalid(
              list,
              GoText.json(Values.items(meta, "ownerReferences")),
              "Only one reference can have Controller set to true. Found \"true\" in references for "
                  + controller
                  + " and "
                  + name);
        }
      }
    }
  }

  private void finalizers(Tree.Mapping meta, Path path) {
    Path list = path.field(meta, "finalizers");
    List<Tree> items = Values.items(meta, "finalizers");
    Set<String> names = new HashSet<>();
    for (Tree item : items) {
      String text = Values.itemText(item);
      if (text != null) {
        names.add(text);
        Names.labelKey(text, release)
            .forEach(mistake -> findings.invalid(list, GoText.quote(text), mistake));
      }
    }
    if (names.containsAll(Set.of(ORPHAN, FOREGROUND))) {
      findings.invalid(
          list,
          GoText.json(items),
          "finalizer " + ORPHAN + " and " + FOREGROUND + " cannot be both set");
    }
    int i = 0;
    for (Tree item : items) {
      Path at = list.item(i++, item);
      String text = Values.itemText(item);
      if (text != null && text.indexOf('/') < 0 && !STANDARD_FINALIZERS.contains(text)) {
        findings.invalid(
            at,
            GoText.quote(text),
            "name is neither a standard finalizer name nor is it fully qualified");
      }
    }
  }
}
