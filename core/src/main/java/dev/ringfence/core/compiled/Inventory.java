package dev.ringfence.core.compiled;

import dev.ringfence.core.cluster.Namespace;
import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.model.ObjectName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What exists, indexed: pods by name and kind; addresses by owner.
///
/// A pod of a known kind that comes or goes costs a few map entries; no selector is looked at.
final class Inventory {
  private final LabelKeys keys;
  private final Kinds kinds;
  private final Claims claims = new Claims();
  private final Map<String, Namespace> namespaces = new HashMap<>();
  private final Network network = new Network();
  private final Map<ObjectName, Member> members = new HashMap<>();
  private Touched touched = new Touched(false);
  private int kindsInUse;

  Inventory(LabelKeys keys) {
    this.keys = keys;
    this.kinds = new Kinds(keys);
  }

  Kinds kinds() {
    return kinds;
  }

  Claims claims() {
    return claims;
  }

  /// The pods of a node; looks at all pods, which is asked once a node.
  List<Member> onNode(String node) {
    List<Member> out = new ArrayList<>();
    for (Member member : members.values()) {
      if (member.pod.node().filter(node::equals).isPresent()) {
        out.add(member);
      }
    }
    return out;
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
      network.set(pod);
    }
  }

  void remove(ObjectName name) {
    Member old = members.remove(name);
    if (old != null) {
      exit(old);
    }
    network.remove(name);
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
    network.set(node);
  }

  void removeNode(String name) {
    network.remove(name);
  }

  private void enter(Pod pod) {
    Member member = new Member(pod, kinds.of(pod, spaceLabels(pod.namespace())));
    members.put(pod.name(), member);
    member.kind.join(member);
    kindsInUse += member.kind.members.size() == 1 ? 1 : 0;
    claims.claim(member, touched);
    touched.cameOrWent(member);
  }

  private void exit(Member member) {
    member.kind.leave(member);
    kindsInUse -= member.kind.members.isEmpty() ? 1 : 0;
    claims.release(member, touched);
    touched.cameOrWent(member);
  }

  private void reenter(String namespace) {
    kinds.membersIn(namespace).forEach(this::reenter);
  }

  private void reenter(Member member) {
    members.remove(member.pod.name());
    exit(member);
    enter(member.pod);
  }

  /// These keys tell pods apart from now on.
  void distinguish(Set<String> fresh) {
    List<Member> having = new ArrayList<>();
    for (Member member : members.values()) {
      if (fresh.stream().anyMatch(member.pod.labels()::containsKey)) {
        having.add(member);
      }
    }
    having.forEach(this::reenter);
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
    Inventory out = new Inventory(keys);
    namespaces.values().forEach(out::set);
    network.copyInto(out);
    members.values().forEach(member -> out.set(member.pod));
    return out;
  }

  /// From now on keeps track of what changes hands, or not.
  void watch(boolean wanted) {
    touched = new Touched(wanted);
  }

  /// What happened since [#watch].
  Touched touched() {
    return touched;
  }

  Network network() {
    return network;
  }
}
