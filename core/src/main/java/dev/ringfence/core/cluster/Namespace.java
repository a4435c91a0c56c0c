package dev.ringfence.core.cluster;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// A namespace and its labels, which always hold its own name (S27).
public record Namespace(String name, Map<String, String> labels) {
  /// The label that the control plane puts on every namespace.
  public static final String NAME_LABEL = "kubernetes.io/metadata.name";

  public Namespace {
    SortedMap<String, String> all = new TreeMap<>(labels);
    all.put(NAME_LABEL, name);
    labels = java.util.Collections.unmodifiableSortedMap(all);
  }

  /// A namespace that is used but not defined (S28).
  public static Namespace assumed(String name) {
    return new Namespace(name, Map.of());
  }
}
