package dev.ringfence.lab.api.store;

import java.util.Comparator;

/// Where an object is kept: one each.
///
/// @param resource `networkpolicies.networking.k8s.io`
/// @param namespace empty for what lives in none
public record Key(String resource, String namespace, String name) implements Comparable<Key> {
  private static final Comparator<Key> ORDER =
      Comparator.comparing(Key::resource).thenComparing(Key::namespace).thenComparing(Key::name);

  @Override
  public int compareTo(Key other) {
    return ORDER.compare(this, other);
  }

  /// `pods/shop/web`
  @Override
  public String toString() {
    return resource + "/" + (namespace.isEmpty() ? "" : namespace + "/") + name;
  }

  /// Every key of the resource is at or behind this one.
  static Key first(String resource) {
    return new Key(resource, "", "");
  }
}
