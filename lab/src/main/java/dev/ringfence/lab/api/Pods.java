package dev.ringfence.lab.api;

import dev.ringfence.lab.api.objects.ApiError;
import dev.ringfence.lab.api.objects.Kinds;
import dev.ringfence.lab.api.registry.Registry;
import java.util.Set;

/// What a node would have to do with a pod: nothing here can.
final class Pods {
  private static final Set<String> ABOUT =
      Set.of("exec", "attach", "portforward", "log", "eviction", "ephemeralcontainers", "proxy");

  private Pods() {}

  static boolean isAbout(String subresource) {
    return ABOUT.contains(subresource);
  }

  /// @throws ApiError always
  static void refuse(Registry registry, Target target) {
    registry.get(Kinds.POD, target.namespace(), target.name());
    throw new ApiError(
        501,
        "NotImplemented",
        target.subresource()
            + " is not part of the lab's API: `ringfence lab exec "
            + target.namespace()
            + "/"
            + target.name()
            + " -- COMMAND` runs a command in the pod's network");
  }
}
