package dev.ringfence.lab.cluster;

import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.store.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Objects that cannot be brought about as they are, and how they last could: remembered, so that a
/// restart opens nothing either.
public final class HeldBack {
  private final Path file;
  private final SortedMap<Key, One> all = new TreeMap<>();

  /// One object.
  ///
  /// @param wanted as the API has it; empty if it is deleted there
  /// @param inForce as it stands; empty if it does not
  private record One(Optional<ObjectNode> wanted, Optional<ObjectNode> inForce, String why) {}

  /// Those of this file, none if it is not there.
  ///
  /// @throws IOException if it cannot be read: what to leave in force is not known then
  public HeldBack(Path file) throws IOException {
    this.file = file;
    if (Files.exists(file)) {
      for (JsonNode one : Json.read(Files.readAllBytes(file))) {
        Key key =
            new Key(
                Json.textAt(one, "resource"),
                Json.textAt(one, "namespace"),
                Json.textAt(one, "name"));
        all.put(
            key, new One(object(one, "wanted"), object(one, "inForce"), Json.textAt(one, "why")));
      }
    }
  }

  private static Optional<ObjectNode> object(JsonNode one, String field) {
    return Optional.ofNullable(one.get(field) instanceof ObjectNode object ? object : null);
  }

  /// What stands while these do not: the rest as it is wanted, they as they last could be.
  public Observed insteadOf(Observed wanted) {
    Observed out = wanted;
    for (Map.Entry<Key, One> one : all.entrySet()) {
      out = out.with(one.getKey(), one.getValue().inForce());
    }
    return out;
  }

  /// Whether just this was tried before.
  public boolean has(Key key, Observed wanted) {
    One one = all.get(key);
    return one != null && one.wanted().equals(wanted.at(key));
  }

  /// Why each is not in force.
  public SortedMap<Key, String> reasons() {
    SortedMap<Key, String> out = new TreeMap<>();
    all.forEach((key, one) -> out.put(key, one.why()));
    return out;
  }

  /// Remembers an object; answers whether that is news.
  public boolean hold(Key key, Observed wanted, Observed inForce, String why) throws IOException {
    One now = new One(wanted.at(key), inForce.at(key), why);
    boolean news = !now.equals(all.put(key, now));
    if (news) {
      write();
    }
    return news;
  }

  /// All but these are in force.
  public void keep(Iterable<Key> keys) throws IOException {
    SortedMap<Key, One> kept = new TreeMap<>();
    keys.forEach(key -> Optional.ofNullable(all.get(key)).ifPresent(one -> kept.put(key, one)));
    if (kept.size() < all.size()) {
      all.keySet().retainAll(kept.keySet());
      write();
    }
  }

  private void write() throws IOException {
    ArrayNode out = Json.array();
    all.forEach((key, one) -> {
      ObjectNode node = out.addObject();
      node.put("resource", key.resource())
          .put("namespace", key.namespace())
          .put("name", key.name());
      one.wanted().ifPresent(object -> node.set("wanted", object));
      one.inForce().ifPresent(object -> node.set("inForce", object));
      node.put("why", one.why());
    });
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.write(fresh, Json.bytes(out));
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
