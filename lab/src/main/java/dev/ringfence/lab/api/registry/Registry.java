package dev.ringfence.lab.api.registry;

import dev.ringfence.lab.api.objects.ApiError;
import dev.ringfence.lab.api.objects.Defaults;
import dev.ringfence.lab.api.objects.FieldOwners;
import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.Kinds;
import dev.ringfence.lab.api.objects.Metadata;
import dev.ringfence.lab.api.objects.ResourceKind;
import dev.ringfence.lab.api.store.Key;
import dev.ringfence.lab.api.store.Store;
import dev.ringfence.lab.api.store.StoreException;
import dev.ringfence.lab.api.store.Stored;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/// Every object there is, and the rules of writing it: for HTTP, and for controllers in the same
/// process.
///
/// Objects that come out are shared and never to be changed. Writes come one after the other. Every
/// method throws [ApiError] with what a cluster's server would answer.
public final class Registry {
  private final Store store;
  private final List<AdmissionHook> hooks = new CopyOnWriteArrayList<>();
  private final ReentrantLock writing = new ReentrantLock();
  private final Deletion deletion;

  public Registry(Store store) {
    this.store = store;
    this.deletion = new Deletion(this, store);
    for (String name : List.of("default", "kube-node-lease", "kube-public", "kube-system")) {
      if (find(Kinds.NAMESPACE, "", name).isEmpty()) {
        ObjectNode namespace = Json.object();
        namespace.putObject("metadata").put("name", name);
        create(Kinds.NAMESPACE, "", namespace, WriteOptions.by("ringfence"));
      }
    }
  }

  public Store store() {
    return store;
  }

  /// From now on this hook has a say, after those before it.
  public void add(AdmissionHook hook) {
    hooks.add(hook);
  }

  public static Key key(ResourceKind kind, String namespace, String name) {
    return new Key(kind.resource(), kind.namespaced() ? namespace : "", name);
  }

  public static Key key(ResourceKind kind, ObjectNode object) {
    return key(kind, Json.namespace(object), Json.name(object));
  }

  public Optional<ObjectNode> find(ResourceKind kind, String namespace, String name) {
    return store.get(key(kind, namespace, name)).map(Stored::object);
  }

  public ObjectNode get(ResourceKind kind, String namespace, String name) {
    return find(kind, namespace, name).orElseThrow(() -> ApiError.notFound(kind, name));
  }

  /// All of a kind, in the order of namespace and name.
  public List<ObjectNode> list(ResourceKind kind) {
    return store.list(kind.resource()).objects().stream().map(Stored::object).toList();
  }

  /// Hears of all objects of a kind there are, and of every change from then on.
  public Subscription watch(ResourceKind kind, Consumer<ObjectEvent> listener) {
    return Subscription.start(
        "watch-" + kind.plural(), store.listAndWatch(kind.resource()), listener);
  }

  /// Creates an object. `apiVersion` and `kind` may be missing; `metadata.generateName` will do for
  /// a name.
  public Written create(
      ResourceKind kind, String namespace, ObjectNode object, WriteOptions options) {
    Body body = Body.read(kind, Json.bytes(object), options.validation());
    return create(kind, namespace, body, options);
  }

  public Written create(ResourceKind kind, String namespace, Body body, WriteOptions options) {
    writing.lock();
    try {
      ObjectNode object = fresh(kind, namespace, body.object(), options);
      FieldOwners owners = FieldOwners.of(kind, Json.object());
      owners.updated(
          FieldOwners.Owner.updating(options.manager(), ""), Stamps.now(), Json.object(), object);
      return keep(kind, object, owners, options);
    } finally {
      writing.unlock();
    }
  }

  /// The object as it will be born: named, stamped, with its defaults.
  private ObjectNode fresh(
      ResourceKind kind, String namespace, ObjectNode sent, WriteOptions options) {
    ObjectNode object = sent.deepCopy();
    Rules.sameNamespace(kind, namespace, object);
    if (options.dryRun()) {
      Json.objectIn(object, "metadata").remove("resourceVersion");
    }
    if (kind.namespaced()) {
      Rules.openNamespace(find(Kinds.NAMESPACE, "", namespace), namespace, kind, object);
    }
    Stamps.born(kind, object, namespace);
    Rules.bornStatus(kind, object);
    Defaults.fill(kind, object);
    return object;
  }

  private Written keep(
      ResourceKind kind, ObjectNode object, FieldOwners owners, WriteOptions options) {
    admit(AdmissionHook.Operation.CREATE, kind, "", Optional.empty(), object);
    List<String> warnings = Rules.validate(kind, object, Optional.empty());
    owners.writeTo(object);
    String name = Json.name(object);
    Key key = key(kind, object);
    if (store.get(key).isPresent()) {
      throw ApiError.alreadyExists(kind, name);
    }
    if (options.dryRun()) {
      return new Written(object, true, warnings);
    }
    ObjectNode kept = put(key, OptionalLong.empty(), object);
    if (kind.equals(Kinds.NAMESPACE)) {
      ObjectNode account = Json.object();
      account.putObject("metadata").put("name", "default");
      create(Kinds.SERVICE_ACCOUNT, name, account, WriteOptions.by("ringfence"));
    }
    return new Written(kept, true, warnings);
  }

  /// Changes an object.
  ///
  /// @param subresource `status` changes nothing but that; empty changes all else
  /// @param change from a copy of the object, which it may change, to what it shall be
  public Written update(
      ResourceKind kind,
      String namespace,
      String name,
      String subresource,
      WriteOptions options,
      UnaryOperator<ObjectNode> change) {
    return rewrite(
        kind,
        namespace,
        name,
        subresource,
        options,
        live -> Body.read(kind, Json.bytes(change.apply(live)), options.validation()));
  }

  /// Sets the status of an object.
  public Written updateStatus(
      ResourceKind kind,
      String namespace,
      String name,
      String manager,
      UnaryOperator<ObjectNode> change) {
    return update(kind, namespace, name, "status", WriteOptions.by(manager), change);
  }

  /// From the object as it is, a copy, to what was sent for it.
  @FunctionalInterface
  public interface Edit {
    Body of(ObjectNode live);
  }

  /// Changes an object, see [#update], by what was sent for it.
  public Written rewrite(
      ResourceKind kind,
      String namespace,
      String name,
      String subresource,
      WriteOptions options,
      Edit edit) {
    writing.lock();
    try {
      ObjectNode live = get(kind, namespace, name);
      Body body = edit.of(live.deepCopy());
      ObjectNode object = body.object().deepCopy();
      Rules.sameNamespace(kind, namespace, object);
      Rules.sameObject(kind, name, live, object);
      FieldOwners owners =
          FieldOwners.of(kind, object.path("metadata").has("managedFields") ? object : live);
      settle(kind, subresource, live, object);
      admit(AdmissionHook.Operation.UPDATE, kind, subresource, Optional.of(live), object);
      owners.updated(
          FieldOwners.Owner.updating(options.manager(), subresource), Stamps.now(), live, object);
      return replace(kind, live, object, owners, options);
    } finally {
      writing.unlock();
    }
  }

  private static void settle(
      ResourceKind kind, String subresource, ObjectNode live, ObjectNode object) {
    if (subresource.equals("status")) {
      Rules.onlyStatus(live, object);
    } else if (kind.has("status")) {
      Rules.exceptStatus(live, object);
    }
    Defaults.fill(kind, object);
    Stamps.kept(kind, live, object);
  }

  private Written replace(
      ResourceKind kind,
      ObjectNode live,
      ObjectNode object,
      FieldOwners owners,
      WriteOptions options) {
    ObjectNode meta = Json.objectIn(object, "metadata");
    meta.put("resourceVersion", Json.textAt(live, "metadata", "resourceVersion"));
    meta.remove("managedFields");
    List<String> warnings = Rules.validate(kind, object, Optional.of(live));
    owners.writeTo(object);
    if (Stamps.same(live, object)) {
      return new Written(live, false, warnings);
    }
    if (options.dryRun()) {
      return new Written(object, false, warnings);
    }
    ObjectNode kept = put(kind, live, object);
    if (Metadata.isGoing(kept)) {
      deletion.finish(kind, kept);
    }
    return new Written(kept, false, warnings);
  }

  /// Writes an object over what it was.
  ObjectNode put(ResourceKind kind, ObjectNode before, ObjectNode object) {
    long seen = Json.numberAt(before, "metadata", "resourceVersion");
    return put(key(kind, Json.namespace(before), Json.name(before)), OptionalLong.of(seen), object);
  }

  /// Server-side apply: creates the object, or changes of it what was applied.
  ///
  /// @param force takes fields from others who have set them otherwise
  public Written apply(
      ResourceKind kind,
      String namespace,
      String name,
      String subresource,
      Body body,
      boolean force,
      WriteOptions options) {
    FieldOwners.Owner by = FieldOwners.Owner.applying(options.manager(), subresource);
    ObjectNode applied = body.object().deepCopy();
    Json.objectIn(applied, "metadata").put("name", name).remove("managedFields");
    writing.lock();
    try {
      Optional<ObjectNode> there = find(kind, namespace, name);
      if (there.isEmpty()) {
        FieldOwners owners = FieldOwners.of(kind, Json.object());
        owners.applied(by, Stamps.now(), Json.object(), applied, force);
        ObjectNode object = fresh(kind, namespace, applied, options);
        return keep(kind, object, owners, options);
      }
      ObjectNode live = there.get();
      Rules.sameNamespace(kind, namespace, applied);
      Rules.sameObject(kind, name, live, applied);
      FieldOwners owners = FieldOwners.of(kind, live);
      ObjectNode object = owners.applied(by, Stamps.now(), live, applied, force);
      settle(kind, subresource, live, object);
      admit(AdmissionHook.Operation.UPDATE, kind, subresource, there, object);
      return replace(kind, live, object, owners, options);
    } finally {
      writing.unlock();
    }
  }

  /// Deletes an object and what belongs to it: of a namespace everything in it, of an owner what it
  /// owns alone. What has finalizers waits until they are gone.
  ///
  /// @return the object as it waits, or as it was
  public ObjectNode delete(
      ResourceKind kind, String namespace, String name, DeleteOptions options) {
    writing.lock();
    try {
      return deletion.delete(kind, namespace, name, options);
    } finally {
      writing.unlock();
    }
  }

  void admit(
      AdmissionHook.Operation operation,
      ResourceKind kind,
      String subresource,
      Optional<ObjectNode> before,
      ObjectNode object) {
    hooks.forEach(hook ->
        hook.admit(new AdmissionHook.Admission(operation, kind, subresource, before, object)));
  }

  private ObjectNode put(Key key, OptionalLong seen, ObjectNode object) {
    Store.Stamp stamp = revision -> Stamps.versioned(object, revision);
    try {
      Stored stored =
          seen.isPresent() ? store.replace(key, seen.getAsLong(), stamp) : store.create(key, stamp);
      return stored.object();
    } catch (StoreException failed) {
      throw Rules.unkept(failed);
    }
  }
}
