package dev.ringfence.lab.cluster;

import dev.ringfence.lab.api.objects.ApiError;
import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.Kinds;
import dev.ringfence.lab.api.registry.Registry;
import dev.ringfence.lab.api.registry.WriteOptions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// What could not be done, as Events on the objects that it is about, and in the log.
final class Events {
  private static final System.Logger LOG = System.getLogger("ringfence.lab");
  private static final String US = "ringfence-lab";

  private final Registry registry;

  Events(Registry registry) {
    this.registry = registry;
  }

  /// Writes on behalf of an object; what the API refuses of it is said on that object, and no other
  /// has to wait for it. One that is gone meanwhile is nobody's fault.
  ///
  /// @return what was answered, if it was not refused
  <T> Optional<T> trying(ObjectNode about, Supplier<T> write) {
    try {
      return Optional.of(write.get());
    } catch (ApiError refused) {
      if (refused.code() != 404) {
        warn(about, "Refused", String.valueOf(refused.getMessage()));
      }
      return Optional.empty();
    }
  }

  void trying(ObjectNode about, Runnable write) {
    trying(
        about,
        () -> {
          write.run();
          return true;
        });
  }

  /// The same said again counts up.
  void warn(ObjectNode about, String reason, String message) {
    LOG.log(
        System.Logger.Level.WARNING,
        "{0} {1}: {2}: {3}",
        Json.textAt(about, "kind"),
        Json.name(about),
        reason,
        message);
    String namespace = Json.namespace(about).isEmpty() ? "default" : Json.namespace(about);
    String name =
        Json.name(about)
            + "."
            + Integer.toHexString((Json.textAt(about, "kind") + reason + message).hashCode());
    try {
      Optional<ObjectNode> before = registry.find(Kinds.EVENT, namespace, name);
      if (before.isPresent()) {
        registry.update(Kinds.EVENT, namespace, name, "", WriteOptions.by(US), Events::again);
      } else {
        registry.create(
            Kinds.EVENT, namespace, event(about, name, reason, message), WriteOptions.by(US));
      }
    } catch (ApiError refused) {
      LOG.log(System.Logger.Level.WARNING, "no Event could be kept", refused);
    }
  }

  private static ObjectNode again(ObjectNode event) {
    return event.put("count", Json.numberAt(event, "count") + 1).put("lastTimestamp", now());
  }

  private static ObjectNode event(ObjectNode about, String name, String reason, String message) {
    ObjectNode out = Json.object();
    out.putObject("metadata").put("name", name);
    ObjectNode object = out.putObject("involvedObject");
    object.put("apiVersion", Json.textAt(about, "apiVersion"));
    object.put("kind", Json.textAt(about, "kind")).put("name", Json.name(about));
    object.put("uid", Json.textAt(about, "metadata", "uid"));
    if (!Json.namespace(about).isEmpty()) {
      object.put("namespace", Json.namespace(about));
    }
    out.put("reason", reason).put("message", message).put("type", "Warning");
    out.put("firstTimestamp", now()).put("lastTimestamp", now()).put("count", 1);
    out.putObject("source").put("component", US);
    return out;
  }

  static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
