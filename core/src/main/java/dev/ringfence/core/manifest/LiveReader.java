package dev.ringfence.core.manifest;

import dev.ringfence.core.cluster.Namespace;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.PodAddresses;
import dev.ringfence.core.model.NetworkPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// One object of a running cluster: read as an old server may have stored it (S30, S40), and where
/// a newer server says more than we know, nothing that it may narrow is left wider.
final class LiveReader {
  private static final Tree UNKNOWN = new Tree.Scalar(0, 0, "", Tree.Kind.STRING, "");

  private final LiveKind kind;
  private final Tree.Mapping root;
  private final Meta meta;
  private final Findings findings;

  LiveReader(LiveKind kind, Tree.Mapping root) {
    this.kind = kind;
    this.root = root;
    this.meta = Meta.of(root, kind.isNamespaced(), Meta.name(root).orElse(""));
    this.findings = new Findings("", kind.toString().toLowerCase(Locale.ROOT) + "/" + meta.name());
  }

  LiveObject.Read read() {
    Document document = new Document(root, true, List.of(), null);
    Decoder.check(document, root, kind.schema(), FieldValidation.STRICT, findings);
    Optional<LiveObject> object = meta.name().name().isEmpty() ? Optional.empty() : bind();
    Tree.Mapping metadata = Values.mappingOrEmpty(root, "metadata");
    return new LiveObject.Read(
        meta.name(),
        meta.uid(),
        Values.text(metadata, "resourceVersion").orElse(""),
        object,
        findings.all().stream().map(Problem::withoutPlace).toList());
  }

  private Optional<LiveObject> bind() {
    return switch (kind) {
      case NAMESPACE ->
          Optional.of(new LiveObject.OfNamespace(new Namespace(meta.name().name(), meta.labels())));
      case NODE -> Optional.of(new LiveObject.OfNode(new NodeBinder(findings).bind(root, meta)));
      case POD -> Optional.of(new LiveObject.OfPod(pod()));
      case SERVICE ->
          Optional.of(new LiveObject.OfService(new ServiceBinder(findings).bind(root, meta)));
      case ENDPOINT_SLICE ->
          Optional.of(new LiveObject.OfSlice(new EndpointSliceBinder(findings).bind(root, meta)));
      case NETWORK_POLICY -> policy().map(LiveObject.OfPolicy::new);
    };
  }

  /// A pod that has no status yet has no address yet.
  private Pod pod() {
    ReadPod read = new PodBinder(findings).pod(root, meta);
    Pod pod = read.ownedBy(Owners.live(read));
    return pod.addresses() instanceof PodAddresses.Unknown ? pod.withAddresses(List.of()) : pod;
  }

  private Optional<NetworkPolicy> policy() {
    PolicyRules rules = new PolicyRules(Reading.of(Admission.STORED), Optional.empty());
    return understood()
        .flatMap(known -> new NetworkPolicyBinder(findings, rules).bind(known, meta));
  }

  /// The policy with every rule, peer and port that has a field we do not know made unreadable, so
  /// that it matches nothing; empty where such a field is outside of rules.
  private Optional<Tree.Mapping> understood() {
    Schema.Struct spec = (Schema.Struct) field(kind.schema(), "spec");
    Tree.Mapping written = Values.mappingOrEmpty(root, "spec");
    List<Tree.Entry> entries = new ArrayList<>();
    for (Tree.Entry entry : written.entries()) {
      Schema schema = spec.fields().get(entry.key());
      boolean rules = entry.key().equals("ingress") || entry.key().equals("egress");
      if (schema == null || (!rules && !isKnown(entry.value(), schema))) {
        return Optional.empty();
      }
      entries.add(rules ? with(entry, rules(entry.value(), schema)) : entry);
    }
    List<Tree.Entry> whole = new ArrayList<>();
    for (Tree.Entry entry : root.entries()) {
      whole.add(
          entry.key().equals("spec") && entry.value() instanceof Tree.Mapping
              ? with(entry, new Tree.Mapping(0, 0, List.copyOf(entries)))
              : entry);
    }
    return Optional.of(new Tree.Mapping(0, 0, List.copyOf(whole)));
  }

  private static Tree.Entry with(Tree.Entry entry, Tree value) {
    return new Tree.Entry(entry.key(), entry.line(), entry.column(), value, entry.merged());
  }

  private static Tree rules(Tree list, Schema schema) {
    if (!(list instanceof Tree.Sequence sequence) || !(schema instanceof Schema.ListOf(var item))) {
      return list;
    }
    Map<String, Schema> fields = ((Schema.Struct) item).fields();
    List<Tree> out = new ArrayList<>();
    for (Tree rule : sequence.items()) {
      out.add(rule instanceof Tree.Mapping mapping ? rule(mapping, fields) : rule);
    }
    return new Tree.Sequence(0, 0, List.copyOf(out));
  }

  private static Tree rule(Tree.Mapping rule, Map<String, Schema> fields) {
    List<Tree.Entry> out = new ArrayList<>();
    for (Tree.Entry entry : rule.entries()) {
      Schema schema = fields.get(entry.key());
      if (schema == null) {
        return UNKNOWN;
      }
      out.add(
          schema instanceof Schema.ListOf(Schema item)
                  && entry.value() instanceof Tree.Sequence(var _, var _, var items)
              ? with(entry, known(items, item))
              : entry);
    }
    return new Tree.Mapping(0, 0, List.copyOf(out));
  }

  private static Tree known(List<Tree> items, Schema schema) {
    return new Tree.Sequence(
        0, 0, items.stream().map(one -> isKnown(one, schema) ? one : UNKNOWN).toList());
  }

  /// Whether the schema names every field, however deep.
  private static boolean isKnown(Tree tree, Schema schema) {
    return switch (schema) {
      case Schema.Pointer(Schema to) -> isKnown(tree, to);
      case Schema.Struct struct ->
          !(tree instanceof Tree.Mapping mapping)
              || mapping.entries().stream()
                  .allMatch(entry -> {
                    Schema field = struct.fields().get(entry.key());
                    return field != null && isKnown(entry.value(), field);
                  });
      case Schema.ListOf(Schema item) ->
          !(tree instanceof Tree.Sequence sequence)
              || sequence.items().stream().allMatch(one -> isKnown(one, item));
      case Schema.Strings _, Schema.Text _, Schema.Bool _, Schema.Whole _ -> true;
      case Schema.IntOrString _, Schema.Time _, Schema.Anything _ -> true;
    };
  }

  private static Schema field(Schema.Struct of, String name) {
    Schema field = of.fields().get(name);
    if (field == null) {
      throw new IllegalStateException(of.goName() + " has no " + name);
    }
    return field;
  }
}
