package dev.ringfence.lab.cluster;

import dev.ringfence.core.manifest.Admission;
import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.core.manifest.Manifests;
import dev.ringfence.core.manifest.Problem;
import dev.ringfence.core.manifest.SourceText;
import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.Kinds;
import dev.ringfence.lab.api.objects.ResourceKind;
import dev.ringfence.lab.api.registry.Registry;
import dev.ringfence.lab.api.store.Key;
import dev.ringfence.lab.api.store.Page;
import dev.ringfence.lab.api.store.Stored;
import dev.ringfence.lab.scenario.Assigned;
import dev.ringfence.lab.scenario.ScenarioException;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// What the API holds at one moment, as far as packets can tell.
///
/// Addresses that the lab itself gave are left out: they are given anew, the same.
///
/// @param revision up to which every write is in it
/// @param objects those of the API, and what of the manifests it does not keep; never to be changed
public record Observed(long revision, SortedMap<Key, ObjectNode> objects) {
  private static final Map<String, ResourceKind> READ =
      Stream.of(
              Kinds.NAMESPACE,
              Kinds.NODE,
              Kinds.DEPLOYMENT,
              Kinds.REPLICA_SET,
              Kinds.STATEFUL_SET,
              Kinds.POD,
              Kinds.SERVICE,
              Kinds.NETWORK_POLICY)
          .collect(Collectors.toMap(ResourceKind::resource, kind -> kind));

  private static final List<String> SERVERS_OWN =
      List.of("managedFields", "annotations", "resourceVersion", "generation");
  private static final Set<String> FINISHED = Set.of("Succeeded", "Failed");

  /// @param rest what the API does not keep
  static Observed of(Registry registry, List<ObjectNode> rest, Assigned assigned) {
    Page now = registry.store().list(READ.keySet());
    SortedMap<Key, ObjectNode> objects = new TreeMap<>();
    for (Stored one : now.objects()) {
      ResourceKind kind = Objects.requireNonNull(READ.get(one.key().resource()));
      objects.put(one.key(), bare(kind, one.object(), assigned));
    }
    for (ObjectNode one : rest) {
      String kind = "manifest/" + Json.textAt(one, "kind");
      Key key = new Key(kind, Json.namespace(one), Json.name(one));
      while (objects.putIfAbsent(key, one) != null) {
        key = new Key(kind, key.namespace(), key.name() + "'");
      }
    }
    return new Observed(now.revision(), objects);
  }

  private static ObjectNode bare(ResourceKind kind, ObjectNode object, Assigned assigned) {
    ObjectNode out = object.deepCopy();
    Json.objectIn(out, "metadata").remove(SERVERS_OWN);
    if (kind.equals(Kinds.DEPLOYMENT)
        || kind.equals(Kinds.REPLICA_SET)
        || kind.equals(Kinds.STATEFUL_SET)) {
      Json.objectIn(out, "spec").put("replicas", 0); // their pods are here themselves
      out.remove("status");
    }
    if (kind.equals(Kinds.POD) && isGiven(object, assigned)) {
      out.remove("status");
    }
    return out;
  }

  private static boolean isGiven(ObjectNode pod, Assigned assigned) {
    if (FINISHED.contains(Json.textAt(pod, "status", "phase"))) {
      return false;
    }
    List<String> addresses =
        Json.items(pod, "status", "podIPs").stream().map(one -> Json.textAt(one, "ip")).toList();
    String id = Json.namespace(pod) + "/pod/" + Json.name(pod);
    return addresses.isEmpty()
        || pod.path("spec").path("hostNetwork").asBoolean(false)
        || Optional.ofNullable(assigned.pods().get(id))
            .filter(place -> place.addresses().equals(addresses))
            .isPresent();
  }

  /// Everything as core reads it.
  ///
  /// @throws ScenarioException naming what cannot be read: doing without it might open something
  public Loaded read() {
    List<SourceText> texts = new ArrayList<>();
    objects.forEach((key, one) -> texts.add(text(key.toString(), one)));
    Loaded out = Manifests.read(texts, Admission.STORED);
    for (Problem problem : out.problems()) {
      if (problem.isError()) {
        throw new ScenarioException(problem.toString());
      }
    }
    return out;
  }

  private static SourceText text(String name, ObjectNode object) {
    return new SourceText(name, new ByteArrayInputStream(Json.bytes(object)));
  }

  /// What is different from how it was, in an order that never opens more than both do: what goes
  /// first makes room, policies go last.
  public List<Key> since(Observed before) {
    Set<Key> all = new TreeSet<>(objects.keySet());
    all.addAll(before.objects.keySet());
    return all.stream()
        .filter(key -> !Optional.ofNullable(objects.get(key)).equals(before.at(key)))
        .sorted(Comparator.comparingInt(this::turn))
        .toList();
  }

  private int turn(Key key) {
    boolean policy = key.resource().equals(Kinds.NETWORK_POLICY.resource());
    return objects.containsKey(key) ? 1 : policy ? 2 : 0;
  }

  Optional<ObjectNode> at(Key key) {
    return Optional.ofNullable(objects.get(key));
  }

  /// This, with one object as it is there.
  public Observed with(Key key, Observed there) {
    return with(key, there.at(key));
  }

  Observed with(Key key, Optional<ObjectNode> object) {
    SortedMap<Key, ObjectNode> out = new TreeMap<>(objects);
    object.ifPresentOrElse(one -> out.put(key, one), () -> out.remove(key));
    return new Observed(revision, out);
  }
}
