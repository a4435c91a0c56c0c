package dev.ringfence.core.manifest;

import dev.ringfence.core.cluster.Namespace;
import dev.ringfence.core.model.NetworkPolicy;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One document to one object of the [Input], by its kind.
final class ObjectReader {
  private final String file;
  private final Reading reading;
  private final Input input;

  ObjectReader(String file, Reading reading, Input input) {
    this.file = file;
    this.reading = reading;
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
    Optional<Kinds.Versioned> said = Kinds.of(root, document.list());
    if (said.isEmpty()) {
      unversioned(document, root);
      return;
    }
    Kinds.Versioned what = said.get();
    if (what.isList() && root.get("items") instanceof Tree.Sequence) {
      document.items(root).forEach(this::read);
    } else if (what.isOurs()) {
      ours(document, root, what.kind());
    } else {
      foreign(root, what.version(), what.kind());
    }
  }

  /// An object that does not say what it is: it is refused, and checked as what it looks like.
  private void unversioned(Document document, Tree.Mapping root) {
    for (String field : List.of("apiVersion", "kind")) {
      Tree value = root.get(field);
      if (value != null && Values.text(root, field).isEmpty()) {
        Findings findings = new Findings(file, "");
        findings.badRequest(Path.root(root).field(root, field), Decoder.noText(value, field), true);
        input.report(root.line(), findings.all());
        return;
      }
    }
    boolean kind = !Values.text(root, "kind").orElse("").isEmpty();
    refuse(root, kind ? "apiVersion not set" : "kind not set");
    Kinds.lookOf(root).ifPresent(looked -> ours(document, root, looked));
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
      boolean server = Kinds.isServed(version);
      findings.badRequest(Path.root(root).field(root, "kind"), refusal.get(), server);
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

  private void ours(Document document, Tree.Mapping written, String kind) {
    Schema.Struct schema = schema(kind);
    boolean lenient = reading.validation() != FieldValidation.STRICT;
    Tree.Mapping root = lenient ? Repeats.settled(document, written, schema) : written;
    boolean namespaced = Kinds.isNamespaced(kind);
    Optional<String> name =
        Meta.name(root).or(() -> Meta.generateName(root).map(input::generatedName));
    Meta meta = Meta.of(root, namespaced, name.orElse(""));
    String id = kind.toLowerCase(Locale.ROOT) + "/" + meta.name();
    Findings findings = new Findings(file, id);
    Decoder.check(document, written, schema, reading.validation(), findings);
    if (namespaced) {
      checkNamespace(root, meta, findings);
    }
    if (!kind.equals("NetworkPolicy")) {
      checkName(root, kind, meta, findings);
      if (reading.admission() == Admission.WRITTEN) {
        new LabelCheck(findings, reading.release()).object(root, kind);
      }
    }
    boolean first = name.isEmpty() || register(root, kind, id, findings);
    bind(root, kind, meta, findings, first ? input : new Input());
    if (namespaced) {
      input.namespaceUses.putIfAbsent(meta.name().namespace(), findings.place(Path.root(root)));
    }
    input.read.merge(kind, 1, Integer::sum);
    input.report(root.line(), findings.all());
  }

  /// No server has a namespace of such a name, and it looks for it before it validates (S130).
  private static void checkNamespace(Tree.Mapping root, Meta meta, Findings findings) {
    String namespace = meta.name().namespace();
    List<String> mistakes = Names.label(namespace);
    if (!mistakes.isEmpty()) {
      Tree.Mapping metadata = Values.mappingOrEmpty(root, "metadata");
      findings.beforeValidation(
          Path.root(root).field(root, "metadata").field(metadata, "namespace"),
          Reason.NOT_FOUND,
          "namespaces " + GoText.quote(namespace) + " not found: " + mistakes.getFirst());
    }
  }

  private static void checkName(Tree.Mapping root, String kind, Meta meta, Findings findings) {
    Tree.Mapping metadata = Values.mappingOrEmpty(root, "metadata");
    Path path = Path.root(root).field(root, "metadata").field(metadata, "name");
    String name = meta.name().name();
    if (name.isEmpty()) {
      findings.required(path, "name or generateName is required");
      return;
    }
    for (String mistake : kind.equals("Namespace") ? Names.label(name) : Names.subdomain(name)) {
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
      case "EndpointSlice" -> Schemas.ENDPOINT_SLICE;
      case "CronJob" -> Schemas.CRON_JOB;
      case "Lab" -> Schemas.LAB;
      case "Namespace" -> Schemas.META_ONLY;
      default -> Schemas.WORKLOAD;
    };
  }

  private void bind(Tree.Mapping root, String kind, Meta meta, Findings findings, Input into) {
    switch (kind) {
      case "NetworkPolicy" -> policy(root, meta, findings).ifPresent(into.policies::add);
      case "Pod" -> into.pods.put(meta.name(), new PodBinder(findings).pod(root, meta));
      case "Node" -> into.nodes.add(new NodeBinder(findings).bind(root, meta));
      case "Service" -> into.services.add(new ServiceBinder(findings).bind(root, meta));
      case "EndpointSlice" -> into.slices.add(new EndpointSliceBinder(findings).bind(root, meta));
      case "Namespace" -> into.namespaces.add(new Namespace(meta.name().name(), meta.labels()));
      case "CronJob" -> into.workloads.add(new WorkloadBinder(findings).cronJob(root, meta));
      case "Lab" -> lab(root, meta, findings, into);
      default -> into.workloads.add(new WorkloadBinder(findings).workload(root, kind, meta));
    }
  }

  private Optional<NetworkPolicy> policy(Tree.Mapping root, Meta meta, Findings findings) {
    Before before = reading.before();
    Optional<Before.Old> old =
        before
            .of("networkpolicy/" + meta.name())
            .or(() -> before.only().filter(one -> isSentTo(one, root)));
    if (old.isEmpty()) {
      before.only().ifPresent(only -> input.updatesNothing(root.line(), only, root, findings));
    }
    return new NetworkPolicyBinder(findings, new PolicyRules(reading, old)).bind(root, meta);
  }

  /// An object without a namespace is in that of the address which it is sent to (S144).
  private static boolean isSentTo(Before.Old old, Tree.Mapping root) {
    Tree.Mapping metadata = Values.mappingOrEmpty(root, "metadata");
    return Values.text(metadata, "namespace").orElse("").isEmpty()
        && Meta.name(root).orElse("").equals(old.name());
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
