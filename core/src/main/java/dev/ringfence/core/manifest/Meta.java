package dev.ringfence.core.manifest;

import dev.ringfence.core.model.ObjectName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The metadata that every kind has.
record Meta(
    ObjectName name, String uid, long generation, Map<String, String> labels, List<Owner> owners) {
  /// One of `ownerReferences`.
  record Owner(String kind, String name, String uid, boolean controller) {}

  static final String DEFAULT_NAMESPACE = "default";

  Meta {
    labels = Map.copyOf(labels);
    owners = List.copyOf(owners);
  }

  /// @param namespaced whether the kind lives in a namespace; absent means `default` (S144)
  /// @param name what to call it, as `metadata.name` may be missing
  static Meta of(Tree.Mapping root, boolean namespaced, String name) {
    Tree.Mapping meta = Values.mappingOrEmpty(root, "metadata");
    String namespace = namespaced ? namespace(root) : "";
    List<Owner> owners = new ArrayList<>();
    for (Tree item : Values.items(meta, "ownerReferences")) {
      Tree.Mapping owner = Values.item(item);
      if (owner != null) {
        owners.add(
            new Owner(
                Values.text(owner, "kind").orElse(""),
                Values.text(owner, "name").orElse(""),
                Values.text(owner, "uid").orElse(""),
                Values.isTrue(owner, "controller")));
      }
    }
    return new Meta(
        new ObjectName(namespace, name),
        Values.text(meta, "uid").orElse(""),
        Values.int64(meta, "generation").orElse(0),
        Values.strings(meta, "labels"),
        owners);
  }

  static String namespace(Tree.Mapping root) {
    Tree.Mapping meta = Values.mappingOrEmpty(root, "metadata");
    return Values.text(meta, "namespace").filter(text -> !text.isEmpty()).orElse(DEFAULT_NAMESPACE);
  }

  static Optional<String> name(Tree.Mapping root) {
    Tree.Mapping meta = Values.mappingOrEmpty(root, "metadata");
    return Values.text(meta, "name").filter(text -> !text.isEmpty());
  }

  static Optional<String> generateName(Tree.Mapping root) {
    Tree.Mapping meta = Values.mappingOrEmpty(root, "metadata");
    return Values.text(meta, "generateName").filter(text -> !text.isEmpty());
  }

  /// The owner that manages it: the one marked controller, else the first.
  Optional<Owner> controller() {
    return owners.stream()
        .filter(Owner::controller)
        .findFirst()
        .or(() -> owners.stream().findFirst());
  }
}
