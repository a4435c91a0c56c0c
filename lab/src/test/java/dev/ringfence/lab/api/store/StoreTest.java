package dev.ringfence.lab.api.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What was written is there after a crash, and what was said of a revision stays true.
final class StoreTest {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final Key WEB = key("web");

  @TempDir Path folder;

  private static Key key(String name) {
    return new Key("pods", "shop", name);
  }

  private static ObjectNode value(int number) {
    return MAPPER.createObjectNode().put("value", number);
  }

  private static long value(Stored stored) {
    return stored.object().path("value").asLong(-1);
  }

  private Path log() {
    return folder.resolve("log");
  }

  @Test
  void objectsAndRevisionsSurviveARestart() throws IOException {
    try (Store store = Store.open(folder, 1_000)) {
      store.create(WEB, _ -> value(1));
      store.create(key("db"), _ -> value(2));
      store.replace(WEB, 1, _ -> value(3));
      store.delete(key("db"), OptionalLong.empty());
    }
    try (Store store = Store.open(folder, 1_000)) {
      assertThat(store.revision()).isEqualTo(4);
      assertThat(store.list("pods").objects()).containsExactly(new Stored(WEB, 3, value(3)));
      assertThat(store.list("pods", 2).objects()).hasSize(2); // history survives, too
    }
  }

  @Test
  void writerThatSawAnOlderRevisionIsRefused() throws IOException {
    try (Store store = Store.open(folder, 1_000)) {
      store.create(WEB, _ -> value(1));
      store.replace(WEB, 1, _ -> value(2));
      assertThatThrownBy(() -> store.replace(WEB, 1, _ -> value(3)))
          .isInstanceOfSatisfying(
              StoreException.class,
              e -> assertThat(e.why()).isEqualTo(StoreException.Why.CONFLICT));
      assertThatThrownBy(() -> store.create(WEB, _ -> value(3)))
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.why()).isEqualTo(StoreException.Why.EXISTS));
      assertThat(store.revision()).isEqualTo(2);
    }
  }

  /// A crash in the middle of a write, at every byte of it.
  @Test
  void unfinishedWriteIsDroppedAndAllBeforeItStays() throws IOException {
    long before;
    try (Store store = Store.open(folder, 1_000)) {
      store.create(WEB, _ -> value(1));
      before = Files.size(log());
      store.replace(WEB, 1, _ -> value(2));
    }
    byte[] whole = Files.readAllBytes(log());
    for (int length = (int) before; length < whole.length; length++) {
      Files.write(log(), Arrays.copyOf(whole, length));
      try (Store store = Store.open(folder, 1_000)) {
        assertThat(store.list("pods").objects()).containsExactly(new Stored(WEB, 1, value(1)));
        store.replace(WEB, 1, _ -> value(7));
      }
      try (Store store = Store.open(folder, 1_000)) {
        assertThat(store.list("pods").objects()).containsExactly(new Stored(WEB, 2, value(7)));
      }
    }
  }

  /// Where the file has grown and its bytes were not written.
  @Test
  void zerosAtTheEndAreDropped() throws IOException {
    try (Store store = Store.open(folder, 1_000)) {
      store.create(WEB, _ -> value(1));
    }
    Files.write(log(), new byte[200], StandardOpenOption.APPEND);
    try (Store store = Store.open(folder, 1_000)) {
      assertThat(store.list("pods").objects()).hasSize(1);
    }
  }

  /// What was acknowledged is never dropped in silence.
  @Test
  void damageBeforeTheEndIsAnError() throws IOException {
    try (Store store = Store.open(folder, 1_000)) {
      store.create(WEB, _ -> value(1));
      store.create(key("db"), _ -> value(2));
    }
    byte[] bytes = Files.readAllBytes(log());
    bytes[20] ^= 1;
    Files.write(log(), bytes);
    assertThatThrownBy(() -> Store.open(folder, 1_000))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void shortenedSnapshotIsAnError() throws IOException {
    try (Store store = Store.open(folder, 10, 1)) {
      store.create(WEB, _ -> value(1));
      store.create(key("db"), _ -> value(2));
    }
    Path snapshot = folder.resolve("snapshot");
    byte[] bytes = Files.readAllBytes(snapshot);
    Files.write(snapshot, Arrays.copyOf(bytes, bytes.length - 1));
    assertThatThrownBy(() -> Store.open(folder, 1_000)).isInstanceOf(StoreException.class);
  }

  @Test
  void folderIsForOneAtATime() throws IOException {
    try (Store _ = Store.open(folder, 1_000)) {
      assertThatThrownBy(() -> Store.open(folder, 1_000)).isInstanceOf(Exception.class);
    }
  }

  @Test
  void watchBeginsInThePastAndMissesNothing() throws Exception {
    try (Store store = Store.open(folder, 2, 1 << 20)) {
      for (int i = 1; i <= 4; i++) {
        store.create(key("p" + i), _ -> value(0));
      }
      try (Watch watch = store.watch("pods", 2)) {
        assertThat(watch.poll(0).orElseThrow().revision()).isEqualTo(3);
        assertThat(watch.poll(0).orElseThrow().revision()).isEqualTo(4);
        assertThat(watch.poll(0)).isEmpty();
        assertThat(watch.caughtUp()).contains(4L);
        store.create(new Key("nodes", "", "n"), _ -> value(0));
        assertThat(watch.caughtUp()).contains(5L);
        store.delete(key("p1"), OptionalLong.empty());
        assertThat(watch.poll(0).orElseThrow().after()).isEmpty();
      }
      assertThatThrownBy(() -> store.watch("pods", 1))
          .isInstanceOf(StoreException.class)
          .hasMessage("too old resource version: 1 (4)");
    }
  }

  /// Random writes, restarts and snapshots, against a plain map; and every remembered past.
  @ParameterizedTest(name = "-Dseed={0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void storeIsAMapWithAMemory(long seed) throws IOException {
    Random random = new Random(seed);
    SortedMap<Key, Integer> model = new TreeMap<>();
    List<SortedMap<Key, Integer>> past = new ArrayList<>(List.of(new TreeMap<>()));
    Path own = Files.createDirectories(folder.resolve("seed" + seed));
    Store store = Store.open(own, 1_000, 500);
    try {
      for (int i = 0; i < 60; i++) {
        Key key = key("p" + random.nextInt(6));
        int number = i;
        if (!model.containsKey(key)) {
          store.create(key, _ -> value(number));
          model.put(key, number);
        } else if (random.nextInt(3) == 0) {
          store.delete(key, OptionalLong.empty());
          model.remove(key);
        } else {
          store.replace(key, store.get(key).orElseThrow().revision(), _ -> value(number));
          model.put(key, number);
        }
        past.add(new TreeMap<>(model));
        if (random.nextInt(20) == 0) {
          store.close();
          store = Store.open(own, 1_000, 500);
        }
        assertThat(store.revision()).isEqualTo(past.size() - 1);
        assertThat(found(store.list("pods"))).isEqualTo(model);
      }
      checkPast(store, past);
    } finally {
      store.close();
    }
  }

  private static void checkPast(Store store, List<SortedMap<Key, Integer>> past) {
    for (int at = 0; at < past.size(); at++) {
      try {
        assertThat(found(store.list("pods", at))).isEqualTo(past.get(at));
      } catch (StoreException forgotten) {
        assertThat(forgotten.why()).isEqualTo(StoreException.Why.TOO_OLD);
      }
    }
  }

  private static SortedMap<Key, Integer> found(Page page) {
    SortedMap<Key, Integer> out = new TreeMap<>();
    page.objects().forEach(stored -> out.put(stored.key(), (int) value(stored)));
    return out;
  }
}
