package dev.ringfence.report;

import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.IpBlock;
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
import java.util.Locale;
import java.util.Set;

/// A NetworkPolicy as YAML to apply; read again it means the same.
public final class PolicyYaml {
  /// Plain words that YAML 1.1 reads as something else than text (S185).
  private static final Set<String> NOT_TEXT =
      Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null");

  private final StringBuilder out = new StringBuilder();

  private PolicyYaml() {}

  /// One document, every line ended.
  public static String of(NetworkPolicy policy) {
    PolicyYaml yaml = new PolicyYaml();
    yaml.policy(policy);
    return yaml.out.toString();
  }

  private void line(int indent, String text) {
    out.append(" ".repeat(indent)).append(text).append('\n');
  }

  private void policy(NetworkPolicy policy) {
    line(0, "apiVersion: networking.k8s.io/v1");
    line(0, "kind: NetworkPolicy");
    line(0, "metadata:");
    line(2, "name: " + word(policy.name().name()));
    line(2, "namespace: " + word(policy.name().namespace()));
    line(0, "spec:");
    selector(2, "podSelector", policy.subject());
    line(2, "policyTypes:");
    policy.types().stream().sorted().forEach(type -> line(4, "- " + type));
    rules("ingress", "from", policy.rules(Direction.INGRESS));
    rules("egress", "to", policy.rules(Direction.EGRESS));
  }

  private void rules(String name, String peers, List<Rule> rules) {
    if (rules.isEmpty()) {
      return;
    }
    line(2, name + ":");
    for (Rule rule : rules) {
      int start = out.length();
      peers(peers, rule.peers());
      ports(rule.ports());
      if (out.length() == start) {
        line(4, "- {}");
      } else {
        out.setCharAt(start + 4, '-'); // the rule's first line
      }
    }
  }

  private void peers(String name, Peers peers) {
    if (peers instanceof Peers.OneOf(var items)) {
      line(6, name + ":");
      items.forEach(this::peer);
    }
  }

  private void peer(Peer item) {
    int start = out.length();
    switch (item) {
      case Peer.Pods pods -> {
        if (pods.scope() instanceof NamespaceScope.Matching(var spaces)) {
          selector(10, "namespaceSelector", spaces);
        }
        pods.podSelector().ifPresent(selector -> selector(10, "podSelector", selector));
      }
      case Peer.Block(IpBlock block) -> {
        line(10, "ipBlock:");
        line(12, "cidr: " + word(block.cidr().toString()));
        if (!block.except().isEmpty()) {
          line(12, "except:");
          block.except().stream().map(Cidr::toString).forEach(hole -> line(14, "- " + word(hole)));
        }
      }
      case Peer.Everyone() -> throw new IllegalArgumentException("no NetworkPolicy says everyone");
      case Peer.Unreadable(String why) -> throw new IllegalArgumentException(why);
    }
    out.setCharAt(start + 8, '-');
  }

  private void ports(Ports ports) {
    if (ports instanceof Ports.OneOf(var items)) {
      line(6, "ports:");
      items.forEach(this::port);
    }
  }

  private void port(PortItem item) {
    line(8, "- protocol: " + item.protocol());
    switch (item) {
      case PortItem.Every every -> {}
      case PortItem.Numbers(var protocol, var range) -> {
        line(10, "port: " + range.first());
        if (range.first() != range.last()) {
          line(10, "endPort: " + range.last());
        }
      }
      case PortItem.Named(var protocol, String name) -> line(10, "port: " + word(name));
      case PortItem.Unreadable(var protocol, String why) -> throw new IllegalArgumentException(why);
    }
  }

  private void selector(int indent, String name, LabelSelector selector) {
    if (selector.requirements().isEmpty()) {
      line(indent, name + ": {}");
      return;
    }
    line(indent, name + ":");
    List<Requirement.Equal> pairs = new ArrayList<>();
    List<Requirement> expressions = new ArrayList<>();
    Set<String> keys = new java.util.HashSet<>();
    for (Requirement one : selector.requirements()) {
      if (one instanceof Requirement.Equal pair && keys.add(pair.key())) {
        pairs.add(pair);
      } else {
        expressions.add(one);
      }
    }
    if (!pairs.isEmpty()) {
      line(indent + 2, "matchLabels:");
      pairs.forEach(pair -> line(indent + 4, word(pair.key()) + ": " + word(pair.value())));
    }
    if (!expressions.isEmpty()) {
      line(indent + 2, "matchExpressions:");
      expressions.forEach(one -> expression(indent + 4, one));
    }
  }

  private void expression(int indent, Requirement one) {
    line(indent, "- key: " + word(one.key()));
    switch (one) {
      case Requirement.Equal(var key, var value) -> values(indent, "In", List.of(value));
      case Requirement.In(var key, var values) -> values(indent, "In", values);
      case Requirement.NotIn(var key, var values) -> values(indent, "NotIn", values);
      case Requirement.Exists exists -> line(indent + 2, "operator: Exists");
      case Requirement.DoesNotExist absent -> line(indent + 2, "operator: DoesNotExist");
    }
  }

  private void values(int indent, String operator, List<String> values) {
    line(indent + 2, "operator: " + operator);
    line(indent + 2, "values:");
    values.forEach(value -> line(indent + 4, "- " + word(value)));
  }

  /// A scalar that is read as this text, quoted where a plain one might not be.
  private static String word(String text) {
    boolean plain =
        text.matches("[A-Za-z][A-Za-z0-9._/-]*")
            || text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}/[0-9]{1,2}");
    return plain && !NOT_TEXT.contains(text.toLowerCase(Locale.ROOT)) ? text : Json.line(text);
  }
}
