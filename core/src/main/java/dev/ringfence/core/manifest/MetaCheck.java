package dev.ringfence.core.manifest;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Validation of a NetworkPolicy's metadata in the server's order: generateName, name, labels,
/// annotations, ownerReferences, finalizers (S133, S143 to S146, S181).
final class MetaCheck {
  private static final int MOST_ANNOTATION_BYTES = 256 * 1024;
  private static final int LONGEST_GENERATED_PREFIX = 58;
  private static final Set<String> STANDARD_FINALIZERS =
      Set.of("kubernetes", "orphan", "foregroundDeletion");

  private final Findings findings;

  MetaCheck(Findings findings) {
    this.findings = findings;
  }

  void check(Tree.Mapping root) {
    Tree.Mapping meta = Values.mappingOrEmpty(root, "metadata");
    Path path = Path.root(root).field(root, "metadata");
    names(meta, path);
    labels(meta, path);
    annotations(meta, path);
    owners(meta, path);
    finalizers(meta, path);
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
      for (String mistake : Names.labelKey(entry.key())) {
        findings.invalid(at.at(entry), GoText.quote(entry.key()), mistake);
      }
      String value = Values.itemText(entry.value());
      for (String mistake : value == null ? List.<String>of() : Names.labelValue(value)) {
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
      for (String mistake : Names.qualified(lower, "a qualified name ")) {
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
    int i = 0;
    for (Tree item : Values.items(meta, "finalizers")) {
      String text = Values.itemText(item);
      if (text != null) {
        for (String mistake : Names.qualified(text, "a qualified name ")) {
          findings.invalid(list, GoText.quote(text), mistake);
        }
        if (text.indexOf('/') < 0 && !STANDARD_FINALIZERS.contains(text)) {
          findings.invalid(
              list.item(i, item),
              GoText.quote(text),
              "name is neither a standard finalizer name nor is it fully qualified");
        }
      }
      i++;
    }
  }
}
