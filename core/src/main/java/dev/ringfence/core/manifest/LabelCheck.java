package dev.ringfence.core.manifest;

/// Labels of objects and of selectors, key and value (S145, S146). The server names the map they
/// stand in, and not the pair (S134).
final class LabelCheck {
  private final Findings findings;
  private final Release release;

  LabelCheck(Findings findings, Release release) {
    this.findings = findings;
    this.release = release;
  }

  /// @param field of `holder`, a `map[string]string` that may be absent
  /// @param path of `holder`
  void pairs(Tree.Mapping holder, String field, Path path) {
    Tree.Mapping labels = Values.mapping(holder, field);
    if (labels != null) {
      Path at = path.field(holder, field);
      labels.entries().forEach(entry -> pair(entry, at.at(entry)));
    }
  }

  private void pair(Tree.Entry entry, Path at) {
    for (String mistake : Names.labelKey(entry.key(), release)) {
      findings.invalid(at, GoText.quote(entry.key()), mistake);
    }
    String value = Values.itemText(entry.value());
    if (value != null) {
      for (String mistake : Names.labelValue(value, release)) {
        findings.invalid(at, GoText.quote(value), mistake);
      }
    }
  }

  /// What other objects than policies are known by: their own labels, those of the pods that they
  /// make, and of the pods that they look for.
  void object(Tree.Mapping root, String kind) {
    Path path = Path.root(root);
    pairs(Values.mappingOrEmpty(root, "metadata"), "labels", path.field(root, "metadata"));
    Tree.Mapping spec = Values.mappingOrEmpty(root, "spec");
    Path specPath = path.field(root, "spec");
    switch (kind) {
      case "Pod", "Node", "Namespace", "Lab" -> {}
      case "Service" -> pairs(spec, "selector", specPath);
      case "CronJob" -> {
        Tree.Mapping job = Values.mappingOrEmpty(spec, "jobTemplate");
        Path jobPath = specPath.field(spec, "jobTemplate");
        template(Values.mappingOrEmpty(job, "spec"), jobPath.field(job, "spec"));
      }
      default -> template(spec, specPath);
    }
  }

  /// The server leaves out `metadata` when it names the labels of a template.
  private void template(Tree.Mapping spec, Path path) {
    Tree.Mapping template = Values.mappingOrEmpty(spec, "template");
    Tree.Mapping metadata = Values.mappingOrEmpty(template, "metadata");
    pairs(metadata, "labels", path.field(spec, "template"));
  }
}
