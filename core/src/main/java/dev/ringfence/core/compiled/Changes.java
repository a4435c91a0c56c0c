package dev.ringfence.core.compiled;

import dev.ringfence.core.cluster.Namespace;
import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.ClusterPolicy;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.Policies;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Changes that take effect together, in this order; of one object the last wins.
public record Changes(List<Change> all) {
  public Changes {
    all = List.copyOf(all);
  }

  public static Changes of(Change... changes) {
    return new Changes(List.of(changes));
  }

  /// Everything added: what makes an empty engine know this.
  public static Changes from(Policies policies, Snapshot now) {
    return between(Policies.NONE, Snapshot.EMPTY, policies, now);
  }

  /// What leads from one state to another; empty if they are equal.
  public static Changes between(
      Policies oldPolicies, Snapshot before, Policies newPolicies, Snapshot after) {
    List<Change> out = new ArrayList<>();
    add(
        out,
        before.namespaces().values(),
        after.namespaces().values(),
        Namespace::name,
        Change.NamespaceSet::new,
        Change.NamespaceGone::new);
    add(
        out,
        before.nodes().values(),
        after.nodes().values(),
        Node::name,
        Change.NodeSet::new,
        Change.NodeGone::new);
    add(
        out,
        before.pods().values(),
        after.pods().values(),
        Pod::name,
        Change.PodSet::new,
        Change.PodGone::new);
    add(
        out,
        oldPolicies.network(),
        newPolicies.network(),
        NetworkPolicy::name,
        Change.PolicySet::new,
        Change.PolicyGone::new);
    add(
        out,
        oldPolicies.cluster(),
        newPolicies.cluster(),
        ClusterPolicy::id,
        Change.ClusterPolicySet::new,
        Change.ClusterPolicyGone::new);
    return new Changes(out);
  }

  private static <K, T> void add(
      List<Change> out,
      Collection<T> before,
      Collection<T> after,
      Function<T, K> key,
      Function<T, Change> set,
      Function<K, Change> gone) {
    Map<K, T> old = new HashMap<>();
    before.forEach(one -> old.put(key.apply(one), one));
    for (T one : after) {
      T known = old.remove(key.apply(one));
      if (known == null || !known.equals(one)) {
        out.add(set.apply(one));
      }
    }
    for (T one : before) {
      if (old.containsKey(key.apply(one))) {
        out.add(gone.apply(key.apply(one)));
      }
    }
  }
}
