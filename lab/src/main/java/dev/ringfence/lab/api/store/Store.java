package dev.ringfence.lab.api.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Objects by key, durable: a write that has returned is still there after a crash.
///
/// Every write gets the next revision. On disk are a snapshot and the log of the writes since; when
/// the log has grown, a new snapshot replaces both. One process at a time. Safe for any threads.
public final class Store implements AutoCloseable {
  private static final long LOG_BYTES = 16L << 20;

  private final Path folder;
  private final FileChannel lock;
  private final Log log;
  private final TreeMap<Key, Stored> objects = new TreeMap<>();
  private final History history;
  private final List<Watch> watches = new CopyOnWriteArrayList<>();
  private final long logBytes;
  private long revision;

  /// How many objects the snapshot says it holds.
  private int promised;

  private Store(Path folder, FileChannel lock, int remembered, long logBytes) throws IOException {
    this.folder = folder;
    this.lock = lock;
    this.history = new History(remembered);
    this.logBytes = logBytes;
    readSnapshot();
    history.startAt(revision);
    this.log = Log.open(folder.resolve("log"), this::replay);
  }

  /// Opens the store of this folder, which must be there.
  ///
  /// @param remembered how many changes a watch can go back
  /// @throws IOException if it cannot be read or another process has it
  /// @throws StoreException if what is on disk is damaged
  public static Store open(Path folder, int remembered) throws IOException {
    return open(folder, remembered, LOG_BYTES);
  }

  /// @param logBytes after which a snapshot is taken
  static Store open(Path folder, int remembered, long logBytes) throws IOException {
    FileChannel lock =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (lock.tryLock() == null) {
        throw new IOException(folder + " is in use by another process");
      }
      return new Store(folder, lock, remembered, logBytes);
    } catch (IOException | RuntimeException failed) {
      lock.close();
      throw failed;
    }
  }

  private void readSnapshot() throws IOException {
    Path snapshot = folder.resolve("snapshot");
    if (Files.exists(snapshot)) {
      Log.open(snapshot, this::restore).close();
      if (objects.size() != promised) {
        throw new StoreException(
            StoreException.Why.BROKEN,
            snapshot + " holds " + objects.size() + " objects of " + promised);
      }
    }
  }

  private void restore(byte[] record) {
    JsonNode read = Records.read(record);
    long at = read.path("revision").asLong(0);
    if (read.has("resource")) {
      Key key = Records.key(read);
      objects.put(key, new Stored(key, at, (ObjectNode) read.get("object")));
    } else {
      promised = read.path("objects").asInt(0);
      revision = at;
    }
  }

  private void replay(byte[] record) {
    JsonNode read = Records.read(record);
    long at = read.path("revision").asLong(0);
    if (at <= revision) {
      return; // the snapshot has it: a crash kept the log from being cleared
    }
    Key key = Records.key(read);
    Optional<Stored> after =
        read.get("object") instanceof ObjectNode object
            ? Optional.of(new Stored(key, at, object))
            : Optional.empty();
    settle(new Change(at, key, Optional.ofNullable(objects.get(key)), after));
  }

  private void settle(Change change) {
    revision = change.revision();
    if (change.after().isPresent()) {
      objects.put(change.key(), change.after().get());
    } else {
      objects.remove(change.key());
    }
    history.add(change);
    watches.forEach(watch -> watch.offer(change));
  }

  /// That of the last write.
  public synchronized long revision() {
    return revision;
  }

  public synchronized Optional<Stored> get(Key key) {
    return Optional.ofNullable(objects.get(key));
  }

  /// All objects of a resource, now.
  public synchronized Page list(String resource) {
    return new Page(revision, of(resource, objects));
  }

  /// All objects of several resources, of one moment.
  public synchronized Page list(Collection<String> resources) {
    List<Stored> out = new ArrayList<>();
    resources.forEach(resource -> out.addAll(of(resource, objects)));
    return new Page(revision, out);
  }

  /// All objects of a resource as they were.
  ///
  /// @throws StoreException TOO_OLD if that is forgotten
  public synchronized Page list(String resource, long at) {
    if (at >= revision) {
      return list(resource);
    }
    TreeMap<Key, Stored> then = new TreeMap<>(objects);
    history.takeBack(at, then);
    return new Page(at, of(resource, then));
  }

  private static List<Stored> of(String resource, SortedMap<Key, Stored> objects) {
    List<Stored> out = new ArrayList<>();
    for (Stored stored : objects.tailMap(Key.first(resource)).values()) {
      if (!stored.key().resource().equals(resource)) {
        break;
      }
      out.add(stored);
    }
    return out;
  }

  /// Gives an object its revision, before it is written: it carries it itself.
  @FunctionalInterface
  public interface Stamp {
    ObjectNode at(long revision);
  }

  /// Writes an object that is not there yet.
  ///
  /// @throws StoreException EXISTS or BROKEN; then nothing has changed
  public synchronized Stored create(Key key, Stamp object) {
    if (objects.containsKey(key)) {
      throw new StoreException(StoreException.Why.EXISTS, key + " is there");
    }
    return write(key, object);
  }

  /// Writes an object over the one of this revision.
  ///
  /// @throws StoreException MISSING, CONFLICT or BROKEN; then nothing has changed
  public synchronized Stored replace(Key key, long expected, Stamp object) {
    expect(key, OptionalLong.of(expected));
    return write(key, object);
  }

  private Stored write(Key key, Stamp object) {
    long next = revision + 1;
    Stored after = new Stored(key, next, object.at(next));
    append(Records.written(after));
    settle(new Change(next, key, Optional.ofNullable(objects.get(key)), Optional.of(after)));
    return after;
  }

  /// Deletes the object, if it has the revision that is expected.
  ///
  /// @return the revision of the deletion
  /// @throws StoreException MISSING, CONFLICT or BROKEN; then nothing has changed
  public synchronized long delete(Key key, OptionalLong expected) {
    Stored before = expect(key, expected);
    long next = revision + 1;
    append(Records.deleted(next, key));
    settle(new Change(next, key, Optional.of(before), Optional.empty()));
    return next;
  }

  private Stored expect(Key key, OptionalLong expected) {
    Stored there = objects.get(key);
    if (there == null) {
      throw new StoreException(StoreException.Why.MISSING, key + " is not there");
    }
    if (expected.isPresent() && there.revision() != expected.getAsLong()) {
      throw new StoreException(
          StoreException.Why.CONFLICT, key + " is at revision " + there.revision());
    }
    return there;
  }

  private void append(byte[] record) {
    try {
      if (log.size() > logBytes) {
        snapshot();
      }
      log.append(record);
    } catch (IOException failed) {
      throw new StoreException("cannot write to " + folder, failed);
    }
  }

  /// A crash at any point leaves the old snapshot with its log, or the new one, whose log may tell
  /// again what it holds.
  private void snapshot() throws IOException {
    Path fresh = folder.resolve("snapshot.new");
    Files.deleteIfExists(fresh);
    Snapshots.write(fresh, revision, objects.values());
    Files.move(
        fresh,
        folder.resolve("snapshot"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel entry = FileChannel.open(folder, StandardOpenOption.READ)) {
      entry.force(true);
    }
    log.clear();
  }

  /// The changes of a resource after a revision, those of the past first.
  ///
  /// @throws StoreException TOO_OLD if some of them are forgotten
  public synchronized Watch watch(String resource, long after) {
    Watch out = new Watch(resource, after, watches::remove);
    history.after(after).forEach(out::offer);
    watches.add(out);
    return out;
  }

  /// Everything that is there, and the changes from then on.
  public synchronized Listed listAndWatch(String resource) {
    return new Listed(list(resource), watch(resource, revision));
  }

  /// What [#listAndWatch] found.
  public record Listed(Page now, Watch changes) {}

  /// Ends every watch and gives the folder back.
  @Override
  public synchronized void close() throws IOException {
    watches.forEach(Watch::close);
    try (lock) {
      log.close();
    }
  }
}
