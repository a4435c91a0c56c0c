package dev.ringfence.core.compiled;

import dev.ringfence.core.cluster.Namespace;
import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.ObjectName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What exists, indexed: pods by name, kind, node and namespace; addresses by owner.
///
/// A pod of a known kind that comes or goes costs a few map entries; no selector is looked at.
final class Inventory {
  private final Kinds kinds = new Kinds();
  private final Claims claims = new Claims();
  private final Map<String, Namespace> namespaces = new HashMap<>();
  private final Map<String, Node> nodes = new HashMap<>();
  private final Map<ObjectName, Member> members = new HashMap<>();
  private final Map<ObjectName, Pod> onHost = new HashMap<>();
  private final Map<String, Set<Member>> byNode = new HashMap<>();
  private final Map<String, Set<Member>> bySpace = new HashMap<>();
  private Set<Address> touched = new HashSet<>();
  private boolean networkChanged;
  private int kindsInUse;

  Kinds kinds() {
    return kinds;
  }

  Claims claims() {
    return claims;
  }

  Collection<Member> onNode(String node) {
    return byNode.getOrDefault(node, Set.of());
  }

  /// The kind of any pod, here or not.
  Kind kind(Pod pod) {
    Member member = members.get(pod.name());
    return member != null && member.pod.equals(pod)
        ? member.kind
        : kinds.of(pod, spaceLabels(pod.namespace()));
  }

  private Map<String, String> spaceLabels(String namespace) {
    Namespace known = namespaces.get(namespace);
    return (known == null ? Namespace.assumed(namespace) : known).labels();
  }

  void set(Pod pod) {
    Member old = members.get(pod.name());
    if (old != null && old.pod.equals(pod)) {
      return;
    }
    remove(pod.name());
    if (pod.counts()) {
      enter(pod);
    } else if (pod.hostNetwork() && !pod.phase().finished()) {
      onHost.put(pod.name(), pod);
      networkChanged = true;
    }
  }

  void remove(ObjectName name) {
    Member old = members.remove(name);
    if (old != null) {
      exit(old);
    }
    networkChanged |= onHost.remove(name) != null;
  }

  void set(Namespace namespace) {
    Namespace old = namespaces.put(namespace.name(), namespace);
    if (!namespace.equals(old)) {
      reenter(namespace.name());
    }
  }

  void removeNamespace(String name) {
    if (namespaces.remove(name) != null) {
      reenter(name);
    }
  }

  void set(Node node) {
    Node old = nodes.put(node.name(), node);
    networkChanged |=
        old == null
            || !old.addresses().equals(node.addresses())
            || !old.podCidrs().equals(node.podCidrs());
  }

  void removeNode(String name) {
    networkChanged |= nodes.remove(name) != null;
  }

  private void enter(Pod pod) {
    Member member = new Member(pod, kinds.of(pod, spaceLabels(pod.namespace())));
    members.put(pod.name(), member);
    member.kind.join(member);
    kindsInUse += member.kind.members.size() == 1 ? 1 : 0;
    claims.claim(member);
    pod.node().ifPresent(node -> group(byNode, node).add(member));
    group(bySpace, pod.namespace()).add(member);
    touched.addAll(member.addresses);
  }

  private void exit(Member member) {
    Pod pod = member.pod;
    member.kind.leave(member);
    kindsInUse -= member.kind.members.isEmpty() ? 1 : 0;
    claims.release(member);
    pod.node().ifPresent(node -> ungroup(byNode, node, member));
    ungroup(bySpace, pod.namespace(), member);
    touched.addAll(member.addresses);
  }

  private void reenter(String namespace) {
    for (Member member : List.copyOf(bySpace.getOrDefault(namespace, Set.of()))) {
      members.remove(member.pod.name());
      exit(member);
      enter(member.pod);
    }
  }

  private static Set<Member> group(Map<String, Set<Member>> groups, String key) {
    return groups.computeIfAbsent(key, k -> new LinkedHashSet<>());
  }

  private static void ungroup(Map<String, Set<Member>> groups, String key, Member member) {
    Set<Member> group = groups.get(key);
    if (group != null && group.remove(member) && group.isEmpty()) {
      groups.remove(key);
    }
  }

  /// How many kinds are remembered although no pod is of that kind any more.
  int kindsUnused() {
    return kinds.size() - kindsInUse;
  }

  int kindsInUse() {
    return kindsInUse;
  }

  /// The same without kinds and label sets of the past.
  Inventory rebuilt() {
    Inventory out = new Inventory();
    namespaces.values().forEach(out::set);
    nodes.values().forEach(out::set);
    onHost.values().forEach(out::set);
    members.values().forEach(member -> out.set(member.pod));
    return out;
  }

  /// The addresses whose owner may have changed since this was last asked.
  Set<Address> takeTouched() {
    Set<Address> out = touched;
    touched = new HashSet<>();
    return out;
  }

  /// Whether nodes, their addresses or their pod ranges changed since this was last asked.
  boolean takeNetworkChanged() {
    boolean out = networkChanged;
    networkChanged = false;
    return out;
  }

  /// The ranges from which nodes give addresses to pods.
  List<Cidr> podCidrs() {
    return nodes.values().stream().flatMap(node -> node.podCidrs().stream()).distinct().toList();
  }

  /// Addresses of nodes, hostNetwork pods included (S101).
  Set<Address> nodeAddresses() {
    List<Address> out = new ArrayList<>();
    nodes.values().forEach(node -> out.addAll(node.addresses()));
    for (Pod pod : onHost.values()) {
      if (pod.node().isPresent()) {
        out.addAll(pod.knownAddresses());
      }
    }
    return new HashSet<>(out);
  }
}
