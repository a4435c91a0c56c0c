package dev.ringfence.core.model;

/// Which namespaces a pod peer reaches into. Absent and empty differ (S19), so each is a type.
public sealed interface NamespaceScope {
  /// `namespaceSelector` is absent: only the policy's own namespace.
  record PolicyNamespace() implements NamespaceScope {}

  /// `namespaceSelector` is present; an empty one matches every namespace.
  record Matching(LabelSelector namespaces) implements NamespaceScope {}
}
