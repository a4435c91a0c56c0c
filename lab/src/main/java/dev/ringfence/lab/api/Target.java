package dev.ringfence.lab.api;

import dev.ringfence.lab.api.objects.ApiError;
import dev.ringfence.lab.api.objects.Kinds;
import dev.ringfence.lab.api.objects.ResourceKind;
import java.util.List;
import java.util.Optional;

/// What an address of objects names.
///
/// @param namespace empty for none, or for all of them
/// @param name empty for the collection
/// @param subresource empty for the object itself
record Target(ResourceKind kind, String namespace, String name, String subresource) {
  /// @param parts after the version: `namespaces`, `shop`, `pods`, `web`, `status`
  /// @throws ApiError 404, if there is no such kind
  static Target of(String group, String version, List<String> parts) {
    boolean inNamespace =
        parts.size() >= 3
            && parts.getFirst().equals("namespaces")
            && !(group.isEmpty() && List.of("status", "finalize").contains(parts.get(2)));
    List<String> rest = inNamespace ? parts.subList(2, parts.size()) : parts;
    if (rest.isEmpty() || rest.size() > 3) {
      throw ApiError.noSuchPath();
    }
    Optional<ResourceKind> found = Kinds.find(group, version, rest.getFirst());
    ResourceKind kind = found.orElseThrow(ApiError::noSuchPath);
    boolean named = rest.size() > 1;
    if (inNamespace != kind.namespaced() && (inNamespace || named)) {
      throw ApiError.noSuchPath();
    }
    return new Target(
        kind,
        inNamespace ? parts.get(1) : "",
        named ? rest.get(1) : "",
        rest.size() > 2 ? rest.get(2) : "");
  }
}
