package dev.ringfence.lab.api.objects;

import java.util.List;
import java.util.Set;

/// A kind of object that the API keeps.
///
/// @param group empty for the first one, `v1`
/// @param plural as in addresses: `networkpolicies`
/// @param subresources of `status` and `scale`
/// @param categories such as `all`
public record ResourceKind(
    String group,
    String version,
    String kind,
    String plural,
    List<String> shortNames,
    boolean namespaced,
    Set<String> subresources,
    List<String> categories) {
  public ResourceKind {
    shortNames = List.copyOf(shortNames);
    subresources = Set.copyOf(subresources);
    categories = List.copyOf(categories);
  }

  /// `networking.k8s.io/v1`
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /// `networkpolicies.networking.k8s.io`
  public String resource() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  public String singular() {
    return kind.toLowerCase(java.util.Locale.ROOT);
  }

  public boolean has(String subresource) {
    return subresources.contains(subresource);
  }
}
