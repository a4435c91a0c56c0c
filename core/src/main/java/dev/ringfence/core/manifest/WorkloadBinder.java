package dev.ringfence.core.manifest;

import java.util.OptionalInt;

/// Objects that make pods from a template.
final class WorkloadBinder {
  private final Findings findings;

  WorkloadBinder(Findings findings) {
    this.findings = findings;
  }

  ReadWorkload workload(Tree.Mapping root, String kind, Meta meta) {
    Tree.Mapping spec = Values.mappingOrEmpty(root, "spec");
    Path path = Path.root(root).field(root, "spec");
    int replicas = kind.equals("Job") ? parallel(spec, path) : count(spec, "replicas", path);
    return template(root, kind, meta, replicas, spec, path);
  }

  /// A CronJob counts as one pod, whatever its schedule.
  ReadWorkload cronJob(Tree.Mapping root, Meta meta) {
    Tree.Mapping spec = Values.mappingOrEmpty(root, "spec");
    Tree.Mapping job = Values.mappingOrEmpty(spec, "jobTemplate");
    Tree.Mapping jobSpec = Values.mappingOrEmpty(job, "spec");
    Path path = Path.root(root).field(root, "spec").field(spec, "jobTemplate").field(job, "spec");
    return template(root, "CronJob", meta, 1, jobSpec, path);
  }

  private ReadWorkload template(
      Tree.Mapping root, String kind, Meta meta, int replicas, Tree.Mapping spec, Path path) {
    Path templatePath = path.field(spec, "template");
    if (spec.get("template") == null) {
      findings.required(templatePath, "");
    }
    Tree.Mapping template = Values.mappingOrEmpty(spec, "template");
    PodFields fields =
        new PodBinder(findings)
            .fields(Values.mappingOrEmpty(template, "spec"), templatePath.field(template, "spec"));
    return new ReadWorkload(
        kind,
        meta,
        replicas,
        Values.strings(Values.mappingOrEmpty(template, "metadata"), "labels"),
        fields,
        findings.place(Path.root(root)));
  }

  /// A Job runs `parallelism` pods at once, never more than it needs to complete.
  private int parallel(Tree.Mapping spec, Path path) {
    int parallel = count(spec, "parallelism", path);
    OptionalInt completions = Values.int32(spec, "completions");
    return completions.isPresent()
        ? Math.min(parallel, Math.max(0, completions.getAsInt()))
        : parallel;
  }

  private int count(Tree.Mapping spec, String field, Path path) {
    int count = Values.int32(spec, field).orElse(1);
    if (count < 0) {
      findings.invalid(
          path.field(spec, field), Integer.toString(count), "must be greater than or equal to 0");
      return 0;
    }
    return count;
  }
}
