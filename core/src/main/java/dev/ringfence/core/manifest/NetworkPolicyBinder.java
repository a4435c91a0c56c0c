package dev.ringfence.core.manifest;

import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.LabelSelector;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.Peer;
import dev.ringfence.core.model.Peers;
import dev.ringfence.core.model.PortItem;
import dev.ringfence.core.model.Ports;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.core.model.Rule;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A NetworkPolicy, validated as the API server does and defaulted (sections 1.3, 1.4, 2.3 to 2.5).
final class NetworkPolicyBinder {
  private final Findings findings;
  private final PolicyRules rules;
  private final PeerBinder peers;
  private final PortBinder ports;

  NetworkPolicyBinder(Findings findings, PolicyRules rules) {
    this.findings = findings;
    this.rules = rules;
    this.peers = new PeerBinder(findings, rules);
    this.ports = new PortBinder(findings, rules.release());
  }

  /// Empty where the subject or the types cannot be read; then an error was reported.
  Optional<NetworkPolicy> bind(Tree.Mapping root, Meta meta) {
    if (rules.stored()) {
      return read(root, meta);
    }
    MetaCheck check = new MetaCheck(findings, rules);
    check.check(root);
    Optional<NetworkPolicy> read = read(root, meta);
    check.last(root);
    return read;
  }

  private Optional<NetworkPolicy> read(Tree.Mapping root, Meta meta) {
    Tree.Mapping spec = Values.mappingOrEmpty(root, "spec");
    Path path = Path.root(root).field(root, "spec");
    Tree.Mapping subject = Values.mappingOrEmpty(spec, "podSelector");
    boolean broken = spec.get("podSelector") != null && Values.mapping(spec, "podSelector") == null;
    Optional<LabelSelector> selector =
        new SelectorBinder(findings, rules).bind(subject, path.field(spec, "podSelector"));
    findings.forgiving(rules.stored());
    List<Rule> ingress = rules(spec, "ingress", "from", path);
    List<Rule> egress = rules(spec, "egress", "to", path);
    findings.forgiving(false);
    Optional<Set<Direction>> types = types(spec, path);
    if (selector.isEmpty() || types.isEmpty() || broken) {
      return Optional.empty();
    }
    Set<Direction> effective =
        types.get().isEmpty() ? NetworkPolicy.defaultTypes(egress) : types.get();
    return Optional.of(
        new NetworkPolicy(
            meta.name(),
            meta.uid(),
            meta.generation(),
            selector.get(),
            effective,
            ingress,
            egress));
  }

  private List<Rule> rules(Tree.Mapping spec, String field, String peerField, Path path) {
    List<Rule> out = new ArrayList<>();
    Path list = path.field(spec, field);
    int i = 0;
    for (Tree item : Values.items(spec, field)) {
      Tree.Mapping rule = Values.item(item);
      Path at = list.item(i++, item);
      out.add(rule == null ? nothing(at) : rule(rule, peerField, at));
    }
    if (Values.notAList(spec, field)) {
      out.add(nothing(list));
    }
    return out;
  }

  /// In place of a rule that cannot be read: it counts as one (S14), and matches nothing.
  private static Rule nothing(Path at) {
    return new Rule(new Peers.OneOf(List.of(new Peer.Unreadable(at.toString()))), new Ports.Any());
  }

  private Rule rule(Tree.Mapping rule, String peerField, Path path) {
    Ports portItems = portItems(rule, path);
    return new Rule(peerItems(rule, peerField, path), portItems);
  }

  private Ports portItems(Tree.Mapping rule, Path path) {
    List<PortItem> items = new ArrayList<>();
    Path list = path.field(rule, "ports");
    int i = 0;
    for (Tree item : Values.items(rule, "ports")) {
      Tree.Mapping port = Values.item(item);
      Path at = list.item(i++, item);
      Optional<PortItem> read = port == null ? Optional.empty() : ports.bind(port, at);
      items.add(read.orElseGet(() -> new PortItem.Unreadable(Protocol.OTHER, at.toString())));
    }
    if (items.isEmpty() && Values.notAList(rule, "ports")) {
      items.add(new PortItem.Unreadable(Protocol.OTHER, list.toString()));
    }
    return items.isEmpty() ? new Ports.Any() : new Ports.OneOf(items);
  }

  private Peers peerItems(Tree.Mapping rule, String field, Path path) {
    List<Peer> items = new ArrayList<>();
    Path list = path.field(rule, field);
    int i = 0;
    for (Tree item : Values.items(rule, field)) {
      Tree.Mapping peer = Values.item(item);
      Path at = list.item(i++, item);
      Optional<Peer> read = peer == null ? Optional.empty() : peers.bind(peer, at);
      items.add(read.orElseGet(() -> new Peer.Unreadable(at.toString())));
    }
    if (items.isEmpty() && Values.notAList(rule, field)) {
      items.add(new Peer.Unreadable(list.toString()));
    }
    return items.isEmpty() ? new Peers.Any() : new Peers.OneOf(items);
  }

  /// Empty where one cannot be read; an empty set where none is written (S14).
  private Optional<Set<Direction>> types(Tree.Mapping spec, Path path) {
    Path list = path.field(spec, "policyTypes");
    List<Tree> items = Values.items(spec, "policyTypes");
    List<String> texts = new ArrayList<>();
    for (Tree item : items) {
      String text = Values.itemText(item);
      texts.add(text == null ? "" : text);
    }
    if (items.size() > 2) {
      findings.invalid(list, GoText.json(items), "may not specify more than two policyTypes");
      return Optional.empty();
    }
    Set<Direction> types = EnumSet.noneOf(Direction.class);
    boolean readable = !Values.notAList(spec, "policyTypes");
    for (int i = 0; i < items.size(); i++) {
      Optional<Direction> type = direction(texts.get(i));
      type.ifPresent(types::add);
      readable &= type.isPresent();
      if (type.isEmpty() && Values.itemText(items.get(i)) != null) {
        findings.unsupported(list.item(i, items.get(i)), texts.get(i), "Ingress", "Egress");
      }
    }
    return readable ? Optional.of(types) : Optional.empty();
  }

  private static Optional<Direction> direction(String text) {
    for (Direction one : Direction.values()) {
      if (one.toString().equals(text)) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }
}
