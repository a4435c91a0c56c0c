package dev.ringfence.core.compiled;

import dev.ringfence.core.cluster.Namespace;
import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.model.ClusterPolicy;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.ObjectName;

/// One object that is there now, new or changed, or that is gone. What was never there may go.
public sealed interface Change {
  record PodSet(Pod pod) implements Change {}

  record PodGone(ObjectName name) implements Change {}

  record NamespaceSet(Namespace namespace) implements Change {}

  /// Its pods, if any are left, are in an assumed namespace from now on (S28).
  record NamespaceGone(String name) implements Change {}

  record NodeSet(Node node) implements Change {}

  record NodeGone(String name) implements Change {}

  record PolicySet(NetworkPolicy policy) implements Change {}

  record PolicyGone(ObjectName name) implements Change {}

  record ClusterPolicySet(ClusterPolicy policy) implements Change {}

  /// Gone, by its id `kind/name`.
  record ClusterPolicyGone(String id) implements Change {}
}
