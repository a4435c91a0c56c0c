package dev.ringfence.core.manifest;

import dev.ringfence.core.cluster.Namespace;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One document to one object of the [Input], by its kind.
final class ObjectReader {
  private final String file;
  private final Admission admission;
  private final Input input;

  ObjectReader(String file, Admission admission, Input input) {
    this.file = file;
    this.admission = admission;
    this.input = input;
  }

  void read(Document document) {
    switch (document.root()) {
      case Tree.Null _ -> {} // an empty document
      case Tree.Mapping root -> object(document, root);
      case Tree.Sequence _, Tree.Scalar _ ->
          refuse(document.root(), "a document must be an object: apiVersion, kind, metadata, ...");
    }
  }

  private void object(Document document, Tree.Mapping root) {
    Optional<String> kind = Values.text(root, "kind").filter(text -> !text.isEmpty());
    Optional<String> version = Values.text(root, "apiVersion").filter(text -> !text.isEmpty());
    Tree.Mapping list = document.list();
    if (kind.isEmpty() && list != null) {
      kind = Values.text(list, "kind").map(ObjectReader::itemKind).filter(text -> !text.isEmpty());
      version = Values.text(list, "apiVersion");
    }
    if (kind.isEmpty()) {
      refuse(root, "kind not set");
    } else if (version.isEmpty()) {
      refuse(root, "apiVersion not set");
    } else if (kind.get().endsWith("List") && root.get("items") instanceof Tree.Sequence items) {
      items.items().forEach(item -> read(new Document(item, document.json(), List.of(), root)));
    } else if (Kinds.isOurs(version.get(), kind.get())) {
      ours(document, root, kind.get());
    } else {
      foreign(root, version.get(), kind.get());
    }
  }

  private static String itemKind(String listKind) {
    return listKind.endsWith("List") ? listKind.substring(0, listKind.length() - 4) : "";
  }

  private void refuse(Tree at, String message) {
    Findings findings = new Findings(file, "");
    findings.ours(Path.root(at), Reason.BAD_REQUEST, message);
    input.report(at.line(), findings.all());
  }

  private void foreign(Tree.Mapping root, String version, String kind) {
    Optional<String> refusal = Kinds.refusal(version, kind);
    if (refusal.isPresent()) {
      Findings findings = new Findings(file, id(root, kind, Kinds.isNamespaced(kind)));
      findings.ours(Path.root(root).field(root, "kind"), Reason.BAD_REQUEST, refusal.get());
      input.report(root.line(), findings.all());
      return;
    }
    input.skipped.merge(kind, 1, Integer::sum);
    if (hasPodTemplate(root)) {
      Findings findings = new Findings(file, id(root, kind, true));
      findings.warning(
          Path.root(root).field(root, "kind"),
          Reason.SKIPPED,
          kind + " is not read, so the pods of its template are missing here",
          false);
      input.report(root.line(), findings.all());
    }
  }

  private static boolean hasPodTemplate(Tree.Mapping root) {
    Tree.Mapping spec = Values.mappingOrEmpty(root, "spec");
    Tree.Mapping job = Values.mappingOrEmpty(Values.mappingOrEmpty(spec, "jobTemplate"), "spec");
    for (Tree.Mapping holder : List.of(spec, job)) {
      Tree.Mapping template = Values.mappingOrEmpty(holder, "template");
      if (!Values.items(Values.mappingOrEmpty(template, "spec"), "containers").isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private String id(Tree.Mapping root, String kind, boolean namespaced) {
    String name = Meta.name(root).orElse("");
    String lower = kind.toLowerCase(Locale.ROOT);
    return namespaced ? lower + "/" + Meta.namespace(root) + "/" + name : lower + "/" + name;
  }

  private void ours(Document document, Tree.Mapping root, String kind) {
    boolean namespaced = Kinds.isNamespaced(kind);
    Optional<String> name =
        Meta.name(root).or(() -> Meta.generateName(root).map(input::generatedName));
    Meta meta = Meta.of(root, namespaced, name.orElse(""));
    String id = kind.toLowerCase(Locale.ROOT) + "/" + meta.name();
    Findings findings = new Findings(file, id);
    Decoder.check(document, root, schema(kind), findings);
    if (!kind.equals("NetworkPolicy")) {
      checkName(root, meta, findings);
    }
    boolean first = name.isEmpty() || register(root, kind, id, findings);
    bind(root, kind, meta, findings, first ? input : new Input());
    if (namespaced) {
      input.namespaceUses.putIfAbsent(meta.name().namespace(), findings.place(Path.root(root)));
    }
    input.read.merge(kind, 1, Integer::sum);
    input.report(root.line(), findings.all());
  }

  private static void checkName(Tree.Mapping root, Meta meta, Findings findings) {
    Tree.Mapping metadata = Values.mappingOrEmpty(root, "metadata");
    Path path = Path.root(root).field(root, "metadata").field(metadata, "name");
    String name = meta.name().name();
    if (name.isEmpty()) {
      findings.required(path, "name or generateName is required");
      return;
    }
    for (String mistake : Names.subdomain(name)) {
      findings.invalid(path, GoText.quote(name), mistake);
    }
  }

  /// Whether it is the first of its name; a second one is checked and then left out (L56).
  private boolean register(Tree.Mapping root, String kind, String id, Findings findings) {
    Tree kept =
        kind.equals("NetworkPolicy") ? root : new Tree.Null(root.line(), root.column(), false);
    Places.Spot spot = new Places.Spot(file, root.line(), root.column(), kept);
    Places.@Nullable Spot before = input.spots.putIfAbsent(id, spot);
    if (before != null) {
      String first = new Place(before.file(), before.line(), before.column()).toString();
      findings.ours(Path.root(root), Reason.ALREADY_EXISTS, id + " already exists, see " + first);
    }
    return before == null;
  }

  private static Schema.Struct schema(String kind) {
    return switch (kind) {
      case "NetworkPolicy" -> PolicySchema.NETWORK_POLICY;
      case "Pod" -> Schemas.POD;
      case "Node" -> Schemas.NODE;
      case "Service" -> Schemas.SERVICE;
      case "CronJob" -> Schemas.CRON_JOB;
      case "Lab" -> Schemas.LAB;
      case "Namespace" -> Schemas.META_ONLY;
      default -> Schemas.WORKLOAD;
    };
  }

  private void bind(Tree.Mapping root, String kind, Meta meta, Findings findings, Input into) {
    switch (kind) {
      case "NetworkPolicy" ->
          new NetworkPolicyBinder(findings, admission)
              .bind(root, meta)
              .ifPresent(into.policies::add);
      case "Pod" -> into.pods.put(meta.name(), new PodBinder(findings).pod(root, meta));
      case "Node" -> into.nodes.add(new NodeBinder(findings).bind(root, meta));
      case "Service" -> into.services.add(new ServiceBinder(findings).bind(root, meta));
      case "Namespace" -> into.namespaces.add(new Namespace(meta.name().name(), meta.labels()));
      case "CronJob" -> into.workloads.add(new WorkloadBinder(findings).cronJob(root, meta));
      case "Lab" -> lab(root, meta, findings, into);
      default -> into.workloads.add(new WorkloadBinder(findings).workload(root, kind, meta));
    }
  }

  private void lab(Tree.Mapping root, Meta meta, Findings findings, Input into) {
    LabBinder binder = new LabBinder(findings);
    LabSettings settings = binder.settings(root, meta);
    if (into.lab != null) {
      findings.ours(Path.root(root), Reason.ALREADY_EXISTS, "only one Lab document is possible");
    }
    into.lab = settings;
    into.outside.addAll(binder.outside(root));
  }
}
