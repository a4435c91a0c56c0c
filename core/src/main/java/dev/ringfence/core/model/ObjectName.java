package dev.ringfence.core.model;

import org.jspecify.annotations.Nullable;

/// Namespace and name of an object; the namespace is empty for a cluster-scoped one.
///
/// Order, equality and hash are spelled out, as what Java generates for them is linked anew at
/// every start (docs/decisions/0006-commands-start-from-what-a-practice-run-loaded.md).
public record ObjectName(String namespace, String name) implements Comparable<ObjectName> {
  @Override
  public int compareTo(ObjectName other) {
    int byNamespace = namespace.compareTo(other.namespace);
    return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ObjectName it && name.equals(it.name) && namespace.equals(it.namespace);
  }

  /// Numbered names in numbered namespaces would share few hashes if namespaces counted 31 times.
  @Override
  public int hashCode() {
    return namespace.hashCode() * 0x9E37_79B1 + name.hashCode();
  }

  /// `namespace/name`, or the name alone.
  @Override
  public String toString() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }
}
