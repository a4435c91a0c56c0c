package dev.ringfence.core.manifest;

import dev.ringfence.core.model.Spelling;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which kinds are ours, which are foreign, and which only look foreign (S179).
final class Kinds {
  /// Kinds we read and their one version.
  private static final Map<String, String> OURS =
      Map.ofEntries(
          Map.entry("Namespace", "v1"),
          Map.entry("Node", "v1"),
          Map.entry("Pod", "v1"),
          Map.entry("Service", "v1"),
          Map.entry("EndpointSlice", "discovery.k8s.io/v1"),
          Map.entry("ReplicationController", "v1"),
          Map.entry("Deployment", "apps/v1"),
          Map.entry("ReplicaSet", "apps/v1"),
          Map.entry("StatefulSet", "apps/v1"),
          Map.entry("DaemonSet", "apps/v1"),
          Map.entry("Job", "batch/v1"),
          Map.entry("CronJob", "batch/v1"),
          Map.entry("NetworkPolicy", "networking.k8s.io/v1"),
          Map.entry("Lab", "ringfence.dev/v1"));

  private static final Set<String> CLUSTER_SCOPED = Set.of("Namespace", "Node", "Lab");

  /// Groups of the Kubernetes API itself, where one of our kinds can only be another version.
  private static final Set<String> BUILT_IN =
      Set.of("", "apps", "batch", "discovery.k8s.io", "extensions", "networking.k8s.io");

  /// Kinds of our groups that do not concern policies.
  private static final Set<String> NETWORKING =
      Set.of("Ingress", "IngressClass", "IPAddress", "ServiceCIDR");

  /// What only other kinds of that group have in their `spec`.
  private static final List<String> OF_INGRESSES =
      List.of("rules", "defaultBackend", "ingressClassName", "controller", "parentRef", "cidrs");

  private static final Set<String> CLUSTER_POLICIES =
      Set.of("ClusterNetworkPolicy", "AdminNetworkPolicy", "BaselineAdminNetworkPolicy");

  /// A group with a dot, as those of others have one, and a version.
  private static final Pattern FOREIGN =
      Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+)+/v[0-9]+((alpha|beta)[0-9]+)?");

  private static final int NEARLY_THE_SAME = 3;

  private Kinds() {}

  /// Kind and version of an object, never empty.
  record Versioned(String version, String kind) {
    boolean isOurs() {
      return Kinds.isOurs(version, kind);
    }

    boolean isList() {
      return kind.endsWith("List");
    }
  }

  /// What an object says it is; empty where it does not say. An item of a list may leave it to the
  /// list.
  static Optional<Versioned> of(Tree.Mapping root, Tree.@Nullable Mapping list) {
    String kind = Values.text(root, "kind").orElse("");
    String version = Values.text(root, "apiVersion").orElse("");
    if (kind.isEmpty() && list != null) {
      String around = Values.text(list, "kind").orElse("");
      kind = around.endsWith("List") ? around.substring(0, around.length() - 4) : "";
      version = Values.text(list, "apiVersion").orElse("");
    }
    return kind.isEmpty() || version.isEmpty()
        ? Optional.empty()
        : Optional.of(new Versioned(version, kind));
  }

  /// The kind of ours that an object seems to be which leaves out its kind or its version.
  static Optional<String> lookOf(Tree.Mapping root) {
    String kind = Values.text(root, "kind").orElse("");
    if (OURS.containsKey(kind)) {
      return Optional.of(kind);
    }
    Tree.Mapping spec = Values.mappingOrEmpty(root, "spec");
    boolean group = Values.text(root, "apiVersion").orElse("").equals(OURS.get("NetworkPolicy"));
    boolean other = OF_INGRESSES.stream().anyMatch(field -> spec.entry(field) != null);
    boolean policy = spec.entry("podSelector") != null || (group && !other);
    return kind.isEmpty() && policy ? Optional.of("NetworkPolicy") : Optional.empty();
  }

  static boolean isOurs(String apiVersion, String kind) {
    return apiVersion.equals(OURS.get(kind));
  }

  static boolean isNamespaced(String kind) {
    return !CLUSTER_SCOPED.contains(kind) && !CLUSTER_POLICIES.contains(kind);
  }

  /// Whether every server has the group, so that it surely refuses what we refuse of it.
  static boolean isServed(String apiVersion) {
    return BUILT_IN.contains(group(apiVersion));
  }

  private static String group(String apiVersion) {
    int slash = apiVersion.indexOf('/');
    return slash < 0 ? "" : apiVersion.substring(0, slash);
  }

  /// Why a kind that is not [#isOurs] must not be skipped; empty where it is foreign.
  static Optional<String> refusal(String apiVersion, String kind) {
    String group = group(apiVersion);
    String what = GoText.quote(kind) + " in version " + GoText.quote(apiVersion);
    if (group.equals("policy.networking.k8s.io") && CLUSTER_POLICIES.contains(kind)) {
      return Optional.of(kind + " is not enforced yet, so it is refused rather than skipped");
    }
    String known = spelledLike(kind);
    boolean ourGroup =
        switch (group) {
          case "networking.k8s.io" -> !NETWORKING.contains(kind);
          case "policy.networking.k8s.io", "ringfence.dev" -> true;
          default -> false;
        };
    if (known != null && (ourGroup || !isForeign(apiVersion, group))) {
      return Optional.of(
          "no matches for kind " + what + ": it is " + known + " in " + OURS.get(known));
    }
    return ourGroup ? Optional.of("no matches for kind " + what) : Optional.empty();
  }

  /// Whether somebody else could define kinds in this group: `projectcalico.org/v3` it is, a
  /// mistyped `networking.k8s.oi/v1` or `networking/v1` it is not.
  private static boolean isForeign(String apiVersion, String group) {
    return FOREIGN.matcher(apiVersion).matches()
        && !BUILT_IN.contains(group)
        && !group.endsWith(".k8s.io")
        && Spelling.distance(group, "networking.k8s.io") > NEARLY_THE_SAME;
  }

  private static @Nullable String spelledLike(String kind) {
    String lower = kind.toLowerCase(Locale.ROOT);
    Set<String> forms = new HashSet<>(List.of(lower));
    if (lower.endsWith("ies")) {
      forms.add(lower.substring(0, lower.length() - 3) + "y");
    }
    if (lower.endsWith("s")) {
      forms.add(lower.substring(0, lower.length() - 1));
    }
    for (String known : OURS.keySet()) {
      if (forms.contains(known.toLowerCase(Locale.ROOT))) {
        return known;
      }
    }
    return null;
  }
}
