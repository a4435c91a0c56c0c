package dev.ringfence.core.manifest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The NetworkPolicies that a server holds before an update, by what they excuse in the new ones
/// (S150, S167, S170, S184). Whether they themselves would be accepted today does not matter.
public final class Before {
  public static final Before NOTHING = new Before(Map.of(), List.of());

  private final Map<String, Old> policies;
  private final List<Problem> problems;

  /// @param brokenSubject whether its `podSelector` has any error
  /// @param cidrs every `cidr` and `except` as spelled
  /// @param deleting whether it has a `deletionTimestamp`
  record Old(
      String namespace,
      String name,
      boolean brokenSubject,
      Set<String> cidrs,
      String uid,
      String resourceVersion,
      boolean deleting,
      Set<String> finalizers) {
    Old {
      cidrs = Set.copyOf(cidrs);
      finalizers = Set.copyOf(finalizers);
    }
  }

  private Before(Map<String, Old> policies, List<Problem> problems) {
    this.policies = Map.copyOf(policies);
    this.problems = List.copyOf(problems);
  }

  /// Reads every NetworkPolicy of these files; what else they hold is passed over.
  public static Before read(List<SourceText> files) {
    Map<String, Old> policies = new HashMap<>();
    List<Problem> problems = new ArrayList<>();
    for (SourceText file : files) {
      Texts.read(
          file,
          document -> keep(document, policies),
          broken -> problems.add(Texts.unreadable(file.file(), broken)),
          () -> problems.size() < Findings.MOST_PROBLEMS);
    }
    return new Before(policies, problems);
  }

  /// Where the text itself could not be read.
  public List<Problem> problems() {
    return problems;
  }

  /// @param id `networkpolicy/shop/db`
  Optional<Old> of(String id) {
    return Optional.ofNullable(policies.get(id));
  }

  /// The one policy there is, if there is just one.
  Optional<Old> only() {
    return policies.size() == 1 ? policies.values().stream().findFirst() : Optional.empty();
  }

  private static void keep(Document document, Map<String, Old> into) {
    if (!(document.root() instanceof Tree.Mapping root)) {
      return;
    }
    Optional<Kinds.Versioned> kind = Kinds.of(root, document.list());
    if (kind.isEmpty()) {
      return;
    }
    if (kind.get().isList()) {
      document.items(root).forEach(item -> keep(item, into));
    } else if (kind.get().isOurs() && kind.get().kind().equals("NetworkPolicy")) {
      Old old = old(root);
      into.putIfAbsent("networkpolicy/" + old.namespace() + "/" + old.name(), old);
    }
  }

  private static Old old(Tree.Mapping root) {
    Tree.Mapping meta = Values.mappingOrEmpty(root, "metadata");
    Tree.Mapping spec = Values.mappingOrEmpty(root, "spec");
    Set<String> finalizers = new HashSet<>();
    for (Tree item : Values.items(meta, "finalizers")) {
      finalizers.add(String.valueOf(Values.itemText(item)));
    }
    return new Old(
        Meta.namespace(root),
        Meta.name(root).orElse(""),
        isBroken(Values.mappingOrEmpty(spec, "podSelector")),
        cidrs(spec),
        Values.text(meta, "uid").orElse(""),
        Values.text(meta, "resourceVersion").orElse(""),
        meta.get("deletionTimestamp") != null,
        finalizers);
  }

  private static boolean isBroken(Tree.Mapping subject) {
    Findings findings = new Findings("", "");
    PolicyRules rules = new PolicyRules(Reading.of(Admission.WRITTEN), Optional.empty());
    new SelectorBinder(findings, rules).bind(subject, Path.root(subject));
    return !findings.all().isEmpty();
  }

  private static Set<String> cidrs(Tree.Mapping spec) {
    Set<String> out = new HashSet<>();
    peers(spec, "ingress", "from", out);
    peers(spec, "egress", "to", out);
    return out;
  }

  private static void peers(Tree.Mapping spec, String rules, String peers, Set<String> into) {
    for (Tree rule : Values.items(spec, rules)) {
      if (rule instanceof Tree.Mapping mapping) {
        Values.items(mapping, peers).forEach(peer -> block(peer, into));
      }
    }
  }

  private static void block(Tree peer, Set<String> into) {
    if (peer instanceof Tree.Mapping mapping) {
      Tree.Mapping block = Values.mappingOrEmpty(mapping, "ipBlock");
      Values.text(block, "cidr").ifPresent(into::add);
      for (Tree except : Values.items(block, "except")) {
        String text = Values.itemText(except);
        if (text != null) {
          into.add(text);
        }
      }
    }
  }
}
