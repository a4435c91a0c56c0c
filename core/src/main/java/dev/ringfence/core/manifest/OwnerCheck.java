package dev.ringfence.core.manifest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// `metadata.ownerReferences` as the server takes them: it drops an owner that stands there twice,
/// with a warning, and checks the others (S181).
final class OwnerCheck {
  private static final String DUPLICATES =
      ".metadata.ownerReferences contains duplicate entries; API server dedups owner references in"
          + " 1.20+, and may reject such requests as early as 1.24; please fix your requests;"
          + " duplicate UID(s) observed: ";

  private final Findings findings;

  OwnerCheck(Findings findings) {
    this.findings = findings;
  }

  /// What the server reads of one owner; absent texts are empty.
  private record Owner(
      String apiVersion,
      String kind,
      String name,
      String uid,
      Optional<Boolean> controller,
      Optional<Boolean> blocks) {
    static Owner of(Tree.Mapping item) {
      return new Owner(
          Values.text(item, "apiVersion").orElse(""),
          Values.text(item, "kind").orElse(""),
          Values.text(item, "name").orElse(""),
          Values.text(item, "uid").orElse(""),
          flag(item, "controller"),
          flag(item, "blockOwnerDeletion"));
    }

    private static Optional<Boolean> flag(Tree.Mapping item, String field) {
      return item.get(field) == null ? Optional.empty() : Optional.of(Values.isTrue(item, field));
    }

    boolean isController() {
      return controller.orElse(false);
    }

    String json() {
      return "{\"apiVersion\":"
          + GoText.json(apiVersion)
          + ",\"kind\":"
          + GoText.json(kind)
          + ",\"name\":"
          + GoText.json(name)
          + ",\"uid\":"
          + GoText.json(uid)
          + controller.map(is -> ",\"controller\":" + is).orElse("")
          + blocks.map(is -> ",\"blockOwnerDeletion\":" + is).orElse("")
          + "}";
    }
  }

  void check(Tree.Mapping meta, Path metadata) {
    Path list = metadata.field(meta, "ownerReferences");
    Map<Owner, Tree.Mapping> owners = distinct(Values.items(meta, "ownerReferences"), list);
    String all =
        owners.keySet().stream().map(Owner::json).collect(Collectors.joining(",", "[", "]"));
    String controller = "";
    int i = 0;
    for (Map.Entry<Owner, Tree.Mapping> one : owners.entrySet()) {
      Owner owner = one.getKey();
      fields(owner, one.getValue(), list.item(i++, one.getValue()));
      if (owner.isController()) {
        String name = owner.kind + "/" + owner.name;
        if (controller.isEmpty()) {
          controller = name;
        } else {
          findings.invalid(
              list,
              all,
              "Only one reference can have Controller set to true. Found \"true\" in references for "
                  + controller
                  + " and "
                  + name);
        }
      }
    }
  }

  private Map<Owner, Tree.Mapping> distinct(List<Tree> items, Path list) {
    Map<Owner, Tree.Mapping> owners = new LinkedHashMap<>();
    List<String> again = new ArrayList<>();
    for (Tree item : items) {
      Tree.Mapping owner = Values.item(item);
      if (owner != null && owners.putIfAbsent(Owner.of(owner), owner) != null) {
        again.add(Owner.of(owner).uid);
      }
    }
    if (!again.isEmpty()) {
      findings.warningBeforeValidation(list, DUPLICATES + String.join(", ", again));
    }
    return owners;
  }

  private void fields(Owner owner, Tree.Mapping written, Path at) {
    Path version = at.field(written, "apiVersion");
    if (owner.apiVersion.isEmpty()) {
      findings.required(version, "must not be empty");
    } else if (!isGroupVersion(owner.apiVersion)) {
      findings.invalid(
          version, GoText.quote(owner.apiVersion), "must be <group>/<version> or <version>");
    }
    required(owner.kind, at.field(written, "kind"));
    required(owner.name, at.field(written, "name"));
    required(owner.uid, at.field(written, "uid"));
    boolean core = owner.apiVersion.equals("v1") || owner.apiVersion.equals("/v1");
    if (core && owner.kind.equals("Event")) {
      findings.invalid(at, owner.json(), "/v1, Kind=Event is disallowed from being an owner");
    }
  }

  private void required(String text, Path at) {
    if (text.isEmpty()) {
      findings.required(at, "must not be empty");
    }
  }

  /// At most one slash, and something behind it.
  private static boolean isGroupVersion(String text) {
    int slash = text.indexOf('/');
    return slash == text.lastIndexOf('/') && slash < text.length() - 1;
  }
}
