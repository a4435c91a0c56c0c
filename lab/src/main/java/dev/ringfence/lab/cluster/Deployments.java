package dev.ringfence.lab.cluster;

import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.Kinds;
import dev.ringfence.lab.api.objects.Metadata;
import dev.ringfence.lab.api.registry.DeleteOptions;
import dev.ringfence.lab.api.registry.Registry;
import dev.ringfence.lab.api.registry.WriteOptions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// A Deployment has a ReplicaSet for each template it had: the newest grows while the others
/// shrink, as many pods at a time as may be missing (`maxUnavailable`), and those that are empty
/// are kept to go back to.
record Deployments(Registry registry, Owned owned, WriteOptions by) {
  /// Which of the templates it is, counted up: `kubectl rollout undo` goes by it.
  private static final String REVISION = "deployment.kubernetes.io/revision";

  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
  private static final Comparator<ObjectNode> OLDEST =
      Comparator.comparingLong(Deployments::revision);

  /// The ReplicaSets of a Deployment, oldest first.
  List<ObjectNode> sets(ObjectNode deployment) {
    return owned.by(deployment, Kinds.REPLICA_SET).stream().sorted(OLDEST).toList();
  }

  /// The one of the template it has now.
  static Optional<ObjectNode> current(ObjectNode deployment, List<ObjectNode> sets) {
    ObjectNode template = Templates.of(deployment);
    return sets.reversed().stream().filter(set -> Templates.of(set).equals(template)).findFirst();
  }

  /// One step towards what is wanted; answers whether anything was done.
  boolean step(ObjectNode deployment) {
    boolean changed = owned.settle(deployment, Kinds.REPLICA_SET, true);
    List<ObjectNode> sets = sets(deployment);
    Optional<ObjectNode> newest =
        current(deployment, sets)
            .or(() ->
                Optional.of(sets).filter(_ -> isPaused(deployment)).flatMap(Deployments::last));
    if (newest.isEmpty()) {
      create(deployment, Templates.hash(deployment), sets);
      return true;
    }
    ObjectNode fresh = newest.get();
    List<ObjectNode> others =
        sets.stream().filter(set -> !Json.name(set).equals(Json.name(fresh))).toList();
    changed |= number(deployment, fresh, others);
    changed |= forget(deployment, others);
    return roll(deployment, fresh, others) || changed;
  }

  private static Optional<ObjectNode> last(List<ObjectNode> sets) {
    return sets.isEmpty() ? Optional.empty() : Optional.of(sets.getLast());
  }

  private static boolean isPaused(ObjectNode deployment) {
    return Json.at(deployment, "spec", "paused").asBoolean(false);
  }

  private static long revision(ObjectNode object) {
    String text = Json.textAt(object, "metadata", "annotations", REVISION);
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }

  private static long newest(List<ObjectNode> sets) {
    return sets.stream().mapToLong(Deployments::revision).max().orElse(0);
  }

  private static long replicas(ObjectNode object) {
    return Json.numberAt(object, "spec", "replicas");
  }

  private static long replicas(List<ObjectNode> sets) {
    return sets.stream().mapToLong(Deployments::replicas).sum();
  }

  /// The ReplicaSet of this name, which whoever wrote down its pods has left out.
  Optional<ObjectNode> leftOut(String namespace, String name, String hash) {
    String suffix = "-" + hash;
    if (hash.isEmpty() || !name.endsWith(suffix)) {
      return Optional.empty();
    }
    return registry
        .find(Kinds.DEPLOYMENT, namespace, name.substring(0, name.length() - suffix.length()))
        .map(deployment -> create(deployment, hash, sets(deployment)));
  }

  private ObjectNode create(ObjectNode deployment, String hash, List<ObjectNode> others) {
    ObjectNode set = Json.object();
    ObjectNode meta = set.putObject("metadata").put("name", Json.name(deployment) + "-" + hash);
    ObjectNode annotations = meta.putObject("annotations");
    Json.pairs(deployment, "metadata", "annotations").forEach(annotations::put);
    annotations.remove(List.of(LAST_APPLIED, REVISION));
    annotations.put(REVISION, String.valueOf(newest(others) + 1));
    Metadata.own(set, deployment);
    ObjectNode spec = set.putObject("spec");
    spec.put("replicas", others.isEmpty() ? replicas(deployment) : 0);
    ObjectNode selector = (ObjectNode) Json.at(deployment, "spec", "selector").deepCopy();
    Json.objectIn(selector, "matchLabels").put(Templates.HASH, hash);
    spec.set("selector", selector);
    ObjectNode template = Templates.of(deployment);
    ObjectNode labels = Json.objectIn(Json.objectIn(template, "metadata"), "labels");
    labels.put(Templates.HASH, hash);
    spec.set("template", template);
    meta.set("labels", labels.deepCopy());
    return registry.create(Kinds.REPLICA_SET, Json.namespace(deployment), set, by).object();
  }

  /// Whatever came back to an old template has the newest number.
  private boolean number(ObjectNode deployment, ObjectNode fresh, List<ObjectNode> others) {
    long number = Math.max(revision(fresh), newest(others) + 1);
    boolean changed = false;
    if (revision(fresh) != number) {
      owned.rewrite(Kinds.REPLICA_SET, fresh, live -> number(live, number));
      changed = true;
    }
    if (revision(deployment) != number) {
      owned.rewrite(Kinds.DEPLOYMENT, deployment, live -> number(live, number));
      changed = true;
    }
    return changed;
  }

  private static void number(ObjectNode object, long number) {
    ObjectNode meta = Json.objectIn(object, "metadata");
    Json.objectIn(meta, "annotations").put(REVISION, String.valueOf(number));
  }

  private boolean forget(ObjectNode deployment, List<ObjectNode> others) {
    List<ObjectNode> empty =
        others.stream()
            .filter(set -> replicas(set) == 0 && owned.by(set, Kinds.POD).isEmpty())
            .toList();
    long kept = Json.numberAt(deployment, "spec", "revisionHistoryLimit");
    List<ObjectNode> old = empty.subList(0, (int) Math.max(0, empty.size() - kept));
    old.forEach(set ->
        registry.delete(
            Kinds.REPLICA_SET, Json.namespace(set), Json.name(set), DeleteOptions.PLAIN));
    return !old.isEmpty();
  }

  /// The next pods are replaced when those that were are there.
  private boolean roll(ObjectNode deployment, ObjectNode fresh, List<ObjectNode> others) {
    long wanted = replicas(deployment);
    long old = replicas(others);
    long now = replicas(fresh);
    if (old == 0 || isPaused(deployment)) {
      return resize(fresh, Math.max(0, wanted - old));
    }
    if (Json.textAt(deployment, "spec", "strategy", "type").equals("Recreate")) {
      return shrink(others, old);
    }
    if (old + now > wanted) {
      return shrink(others, Math.min(old, old + now - wanted));
    }
    if (old + now < wanted) {
      return resize(fresh, wanted - old);
    }
    long next = Math.min(old, mayBeMissing(deployment));
    return isThere(fresh) && shrink(others, next) && resize(fresh, now + next);
  }

  /// How many pods are replaced at a time; one at the least, for a name is free only when its pod
  /// is gone.
  private static long mayBeMissing(ObjectNode deployment) {
    String text = Json.textAt(deployment, "spec", "strategy", "rollingUpdate", "maxUnavailable");
    if (text.matches("[0-9]{1,9}%")) {
      long percent = Long.parseLong(text.substring(0, text.length() - 1));
      return Math.max(1, replicas(deployment) * percent / 100);
    }
    return text.matches("[0-9]{1,9}") ? Math.max(1, Long.parseLong(text)) : 1;
  }

  private boolean isThere(ObjectNode set) {
    List<ObjectNode> pods = owned.by(set, Kinds.POD);
    return pods.size() == replicas(set) && pods.stream().allMatch(PodStatus::isReady);
  }

  /// The oldest first.
  private boolean shrink(List<ObjectNode> sets, long count) {
    long left = count;
    for (ObjectNode set : sets) {
      long less = Math.min(left, replicas(set));
      resize(set, replicas(set) - less);
      left -= less;
    }
    return count > 0;
  }

  private boolean resize(ObjectNode set, long replicas) {
    if (replicas(set) == replicas) {
      return false;
    }
    owned.rewrite(
        Kinds.REPLICA_SET, set, live -> Json.objectIn(live, "spec").put("replicas", replicas));
    return true;
  }
}
