package dev.ringfence.core.manifest;

import static java.util.Objects.requireNonNull;

import dev.ringfence.core.model.LabelSelector;
import dev.ringfence.core.model.NamespaceScope;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.Peer;
import dev.ringfence.core.model.Peers;
import dev.ringfence.core.model.PortItem;
import dev.ringfence.core.model.Ports;
import dev.ringfence.core.model.Requirement;
import dev.ringfence.core.model.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// The `spec` of a policy as maps, lists and texts: of our reading, and of what a server stored.
/// CIDRs stand there by what they mean, types as a set; all else as the server spells it.
final class StoredForm {
  private StoredForm() {}

  static Object of(NetworkPolicy policy) {
    Map<String, Object> out = new TreeMap<>();
    out.put("podSelector", selector(policy.subject()));
    put(out, "ingress", policy.ingress().stream().map(rule -> rule(rule, "from")).toList());
    put(out, "egress", policy.egress().stream().map(rule -> rule(rule, "to")).toList());
    List<String> types = policy.types().stream().map(Object::toString).sorted().toList();
    out.put("policyTypes", types);
    return out;
  }

  static Object of(Tree.Mapping stored) {
    Map<String, Object> out = new TreeMap<>();
    for (Tree.Entry entry : stored.entries()) {
      out.put(entry.key(), plain(entry.value()));
    }
    List<?> types = (List<?>) out.getOrDefault("policyTypes", List.of());
    out.put(
        "policyTypes", List.copyOf(new TreeSet<>(types.stream().map(String::valueOf).toList())));
    return out;
  }

  private static Object plain(Tree tree) {
    return switch (tree) {
      case Tree.Null _ -> "null";
      case Tree.Scalar scalar -> scalar.value();
      case Tree.Sequence sequence -> sequence.items().stream().map(StoredForm::plain).toList();
      case Tree.Mapping mapping -> {
        Map<String, Object> out = new TreeMap<>();
        mapping.entries().forEach(entry -> out.put(entry.key(), plain(entry.value())));
        yield out.containsKey("ipBlock") ? block(out) : out;
      }
    };
  }

  private static Object block(Map<String, Object> peer) {
    Map<?, ?> block = (Map<?, ?>) requireNonNull(peer.get("ipBlock"));
    if (CidrText.sloppy(String.valueOf(block.get("cidr"))).isEmpty()) {
      return "unreadable";
    }
    Map<String, Object> out = new TreeMap<>();
    out.put("cidr", cidr(requireNonNull(block.get("cidr"))));
    if (block.containsKey("except")) {
      List<?> except = (List<?>) requireNonNull(block.get("except"));
      out.put("except", except.stream().map(StoredForm::cidr).toList());
    }
    return Map.of("ipBlock", out);
  }

  private static Object cidr(Object text) {
    return CidrText.sloppy(String.valueOf(text)).orElseThrow().cidr().toString();
  }

  private static Object rule(Rule rule, String peers) {
    Map<String, Object> out = new TreeMap<>();
    if (rule.ports() instanceof Ports.OneOf(var items)) {
      out.put("ports", items.stream().map(StoredForm::port).toList());
    }
    if (rule.peers() instanceof Peers.OneOf(var items)) {
      out.put(peers, items.stream().map(StoredForm::peer).toList());
    }
    return out;
  }

  private static Object port(PortItem item) {
    Map<String, Object> out = new TreeMap<>();
    out.put("protocol", item.protocol().toString());
    switch (item) {
      case PortItem.Every _ -> {}
      case PortItem.Named(var _, String name) -> out.put("port", name);
      case PortItem.Unreadable _ -> out.put("port", "unreadable");
      case PortItem.Numbers(var _, var range) -> {
        out.put("port", String.valueOf(range.first()));
        if (range.last() != range.first()) {
          out.put("endPort", String.valueOf(range.last()));
        }
      }
    }
    return out;
  }

  private static Object peer(Peer peer) {
    Map<String, Object> out = new TreeMap<>();
    switch (peer) {
      case Peer.Pods(var scope, var pods) -> {
        pods.ifPresent(one -> out.put("podSelector", selector(one)));
        if (scope instanceof NamespaceScope.Matching(var namespaces)) {
          out.put("namespaceSelector", selector(namespaces));
        }
      }
      case Peer.Block(var block) -> {
        Map<String, Object> inside = new TreeMap<>();
        inside.put("cidr", block.cidr().toString());
        put(inside, "except", block.except().stream().map(Object::toString).toList());
        out.put("ipBlock", inside);
      }
      case Peer.Everyone _ -> out.put("everyone", "");
      case Peer.Unreadable _ -> {
        return "unreadable";
      }
    }
    return out;
  }

  private static Object selector(LabelSelector selector) {
    Map<String, Object> labels = new TreeMap<>();
    List<Object> expressions = new ArrayList<>();
    for (Requirement one : selector.requirements()) {
      switch (one) {
        case Requirement.Equal(String key, String value) -> labels.put(key, value);
        case Requirement.In(String key, var values) -> expressions.add(term(key, "In", values));
        case Requirement.NotIn(String key, var values) ->
            expressions.add(term(key, "NotIn", values));
        case Requirement.Exists(String key) -> expressions.add(term(key, "Exists", List.of()));
        case Requirement.DoesNotExist(String key) ->
            expressions.add(term(key, "DoesNotExist", List.of()));
      }
    }
    Map<String, Object> out = new TreeMap<>();
    if (!labels.isEmpty()) {
      out.put("matchLabels", labels);
    }
    put(out, "matchExpressions", expressions);
    return out;
  }

  private static Object term(String key, String operator, List<String> values) {
    Map<String, Object> out = new TreeMap<>();
    out.put("key", key);
    out.put("operator", operator);
    put(out, "values", values);
    return out;
  }

  private static void put(Map<String, Object> into, String key, List<?> list) {
    if (!list.isEmpty()) {
      into.put(key, list);
    }
  }
}
