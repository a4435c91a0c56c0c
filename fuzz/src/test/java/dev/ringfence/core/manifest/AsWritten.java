package dev.ringfence.core.manifest;

import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.LabelSelector;
import dev.ringfence.core.model.NamespaceScope;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.Peer;
import dev.ringfence.core.model.Peers;
import dev.ringfence.core.model.PortItem;
import dev.ringfence.core.model.Ports;
import dev.ringfence.core.model.Rule;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A policy held against the tree of its text, straight from the table of absent and empty (section
/// 1.4): whatever it opens, the text must open. What it reads as opening nothing is fine here.
final class AsWritten {
  private AsWritten() {}

  /// @throws AssertionError naming what is wider than written
  static void check(NetworkPolicy policy, Tree.Mapping root) {
    Tree.Mapping spec = mappingOrEmpty(root.get("spec"));
    selector(policy.subject(), spec.get("podSelector"), "podSelector");
    rules(policy.ingress(), spec.get("ingress"), "from");
    rules(policy.egress(), spec.get("egress"), "to");
    types(policy, spec);
  }

  private static void types(NetworkPolicy policy, Tree.Mapping spec) {
    List<Tree> written = items(spec.get("policyTypes"));
    Set<String> texts = Set.copyOf(written.stream().map(AsWritten::text).toList());
    boolean egress = !isAbsentOrEmpty(spec.get("egress"));
    boolean ingressWanted = written.isEmpty() || texts.contains("Ingress");
    boolean egressWanted = written.isEmpty() ? egress : texts.contains("Egress");
    must(policy.isolates(Direction.INGRESS) == ingressWanted, "isolates ingress");
    must(policy.isolates(Direction.EGRESS) == egressWanted, "isolates egress");
  }

  private static void rules(List<Rule> rules, @Nullable Tree written, String peers) {
    List<Tree> items = items(written);
    for (int i = 0; i < rules.size(); i++) {
      if (isUnreadable(rules.get(i).peers())) {
        continue;
      }
      must(i < items.size(), "more rules than written");
      Tree.Mapping rule = mappingOrEmpty(items.get(i));
      peers(rules.get(i).peers(), rule.get(peers));
      ports(rules.get(i).ports(), rule.get("ports"));
    }
  }

  private static boolean isUnreadable(Peers peers) {
    return peers instanceof Peers.OneOf(var items)
        && items.stream().allMatch(item -> item instanceof Peer.Unreadable);
  }

  private static void peers(Peers peers, @Nullable Tree written) {
    switch (peers) {
      case Peers.Any _ -> must(isAbsentOrEmpty(written), "any peer");
      case Peers.OneOf(var items) -> {
        must(items.size() <= items(written).size() || written == null, "more peers than written");
        for (int i = 0; i < items.size(); i++) {
          if (!(items.get(i) instanceof Peer.Unreadable)) {
            peer(items.get(i), mappingOrEmpty(items(written).get(i)));
          }
        }
      }
    }
  }

  private static void peer(Peer peer, Tree.Mapping written) {
    switch (peer) {
      case Peer.Unreadable _ -> {}
      case Peer.Everyone _ -> must(false, "everyone");
      case Peer.Pods(var scope, var pods) -> {
        must(written.get("ipBlock") == null, "pods beside an ipBlock");
        must(
            written.get("podSelector") != null || written.get("namespaceSelector") != null,
            "a peer without a selector");
        must(pods.isPresent() == (written.get("podSelector") != null), "podSelector");
        pods.ifPresent(one -> selector(one, written.get("podSelector"), "peer's podSelector"));
        boolean everywhere = scope instanceof NamespaceScope.Matching;
        must(everywhere == (written.get("namespaceSelector") != null), "namespaceSelector");
        if (scope instanceof NamespaceScope.Matching(var namespaces)) {
          selector(namespaces, written.get("namespaceSelector"), "namespaceSelector");
        }
      }
      case Peer.Block(var block) -> {
        Tree.Mapping text = mappingOrEmpty(written.get("ipBlock"));
        must(block.cidr().prefix() >= slash(text.get("cidr")), "a wider cidr");
        List<Tree> except = items(text.get("except"));
        must(block.except().size() == except.size(), "an exception is missing");
        for (int i = 0; i < except.size(); i++) {
          Cidr hole = block.except().get(i);
          must(hole.prefix() <= slash(except.get(i)), "a smaller exception");
        }
      }
    }
  }

  /// The prefix length that the text has, of a mapped address that of IPv4.
  private static int slash(@Nullable Tree cidr) {
    String text = cidr == null ? "" : text(cidr);
    int length = Integer.parseInt(text.substring(text.indexOf('/') + 1));
    boolean mapped = CidrText.sloppy(text).orElseThrow().cidr().prefix() == length - 96;
    return mapped ? length - 96 : length;
  }

  private static void ports(Ports ports, @Nullable Tree written) {
    switch (ports) {
      case Ports.Any _ -> must(isAbsentOrEmpty(written), "any port");
      case Ports.OneOf(var items) -> {
        for (int i = 0; i < items.size(); i++) {
          if (!(items.get(i) instanceof PortItem.Unreadable)) {
            port(items.get(i), mappingOrEmpty(items(written).get(i)));
          }
        }
      }
    }
  }

  private static void port(PortItem item, Tree.Mapping written) {
    Tree protocol = written.get("protocol");
    String wanted = protocol == null ? "TCP" : text(protocol);
    must(item.protocol().toString().equals(wanted), "another protocol");
    Tree port = written.get("port");
    switch (item) {
      case PortItem.Unreadable _ -> {}
      case PortItem.Every _ -> must(port == null && written.get("endPort") == null, "every port");
      case PortItem.Named(var _, String name) -> must(name.equals(text(port)), "another name");
      case PortItem.Numbers(var _, var range) -> {
        Tree end = written.get("endPort");
        must(text(port).equals(String.valueOf(range.first())), "another first port");
        must(
            text(end == null ? port : end).equals(String.valueOf(range.last())), "another endPort");
      }
    }
  }

  private static void selector(LabelSelector selector, @Nullable Tree written, String what) {
    Tree.Mapping mapping = mappingOrEmpty(written);
    int labels = mappingOrEmpty(mapping.get("matchLabels")).entries().size();
    int expressions = items(mapping.get("matchExpressions")).size();
    boolean text = isMapOrAbsent(mapping.get("matchLabels"));
    must(!text || selector.requirements().size() == labels + expressions, what + " lost a term");
  }

  private static boolean isMapOrAbsent(@Nullable Tree tree) {
    return tree == null
        || (tree instanceof Tree.Mapping mapping
            && mapping.entries().stream()
                .allMatch(entry -> Values.itemText(entry.value()) != null));
  }

  private static boolean isAbsentOrEmpty(@Nullable Tree tree) {
    return tree == null || (tree instanceof Tree.Sequence list && list.items().isEmpty());
  }

  private static List<Tree> items(@Nullable Tree tree) {
    return tree instanceof Tree.Sequence list ? list.items() : List.of();
  }

  private static Tree.Mapping mappingOrEmpty(@Nullable Tree tree) {
    return tree instanceof Tree.Mapping mapping ? mapping : new Tree.Mapping(1, 1, List.of());
  }

  private static String text(@Nullable Tree tree) {
    return tree instanceof Tree.Scalar scalar ? scalar.value() : "";
  }

  private static void must(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError("wider than written: " + what);
    }
  }
}
