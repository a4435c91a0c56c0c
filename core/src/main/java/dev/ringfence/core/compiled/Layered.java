package dev.ringfence.core.compiled;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// An immutable map whose versions share their keys and most of their values.
///
/// Another value for a key copies one small block of values; a key more or less copies everything.
/// [#changedSince] tells two versions apart, by the identity of values, without looking at blocks
/// they share.
@SuppressWarnings("ReferenceEquality") // of values and blocks it is what this is about
public final class Layered<V> extends AbstractMap<String, V> {
  private static final int BLOCK = 16;

  private static final Keys NO_KEYS = new Keys(List.of(), Map.of());

  private final Keys keys;
  private final Object[][] blocks;

  /// @param places of each name in the list
  private record Keys(List<String> names, Map<String, Integer> places) {}

  /// What is another object now than it was, or new, and which keys there are no more.
  public record Since(List<String> changed, List<String> gone) {
    public boolean isNothing() {
      return changed.isEmpty() && gone.isEmpty();
    }
  }

  private Layered(Keys keys, Object[][] blocks) {
    this.keys = keys;
    this.blocks = blocks;
  }

  public static <V> Layered<V> empty() {
    return new Layered<>(NO_KEYS, new Object[0][]);
  }

  /// These entries; the same object where it is one of these already.
  public static <V> Layered<V> of(Map<String, V> all) {
    if (all instanceof Layered<V> layered) {
      return layered;
    }
    List<String> names = List.copyOf(all.keySet());
    Map<String, Integer> places = HashMap.newHashMap(names.size());
    Object[][] blocks = new Object[(names.size() + BLOCK - 1) / BLOCK][];
    for (int i = 0; i < names.size(); i++) {
      if (i % BLOCK == 0) {
        blocks[i / BLOCK] = new Object[Math.min(BLOCK, names.size() - i)];
      }
      String name = names.get(i);
      places.put(name, i);
      blocks[i / BLOCK][i % BLOCK] = value(all, name);
    }
    return new Layered<>(new Keys(names, places), blocks);
  }

  private static <V> Object value(Map<String, V> all, String name) {
    V value = all.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no value for " + name);
    }
    return value;
  }

  /// This map with other values, or new keys; the same object where nothing is another object.
  public Layered<V> with(Map<String, V> changed) {
    return with(changed, List.of());
  }

  /// This map with other values and new keys, and without some keys, which may be absent already.
  ///
  /// @param gone none of the keys of `changed`
  public Layered<V> with(Map<String, V> changed, Collection<String> gone) {
    boolean sameKeys =
        keys.places().keySet().containsAll(changed.keySet())
            && (gone.isEmpty() || gone.stream().noneMatch(keys.places()::containsKey));
    if (!sameKeys) {
      Map<String, V> all = new LinkedHashMap<>(this);
      all.putAll(changed);
      all.keySet().removeAll(Set.copyOf(gone));
      return of(all);
    }
    Object[][] next = blocks;
    for (Map.Entry<String, V> entry : changed.entrySet()) {
      next = replaced(next, place(entry.getKey()), entry.getValue());
    }
    return next == blocks ? this : new Layered<>(keys, next);
  }

  private Object[][] replaced(Object[][] now, int place, Object value) {
    int block = place / BLOCK;
    if (now[block][place % BLOCK] == value) {
      return now;
    }
    Object[][] out = now == blocks ? now.clone() : now;
    if (out[block] == blocks[block]) {
      out[block] = out[block].clone();
    }
    out[block][place % BLOCK] = value;
    return out;
  }

  private int place(@Nullable Object key) {
    Integer place = keys.places().get(key);
    return place == null ? -1 : place;
  }

  @SuppressWarnings("unchecked") // only values of type V are ever put in
  private V at(int place) {
    return (V) blocks[place / BLOCK][place % BLOCK];
  }

  /// What one must do to a copy of `before` to make it equal to this.
  public Since changedSince(Layered<V> before) {
    List<String> changed = new ArrayList<>();
    if (before.keys != keys) {
      keys.places()
          .forEach((name, place) -> {
            if (before.get(name) != at(place)) {
              changed.add(name);
            }
          });
      List<String> gone = new ArrayList<>(before.keys.names());
      gone.removeIf(keys.places()::containsKey);
      return new Since(changed, gone);
    }
    for (int block = 0; block < blocks.length; block++) {
      for (int i = 0; blocks[block] != before.blocks[block] && i < blocks[block].length; i++) {
        if (blocks[block][i] != before.blocks[block][i]) {
          changed.add(keys.names().get(block * BLOCK + i));
        }
      }
    }
    return new Since(changed, List.of());
  }

  @Override
  public @Nullable V get(@Nullable Object key) {
    int place = place(key);
    return place < 0 ? null : at(place);
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return place(key) >= 0;
  }

  @Override
  public int size() {
    return keys.names().size();
  }

  @Override
  public Set<Entry<String, V>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public Iterator<Entry<String, V>> iterator() {
        return IntStream.range(0, Layered.this.size())
            .mapToObj(place -> Map.entry(keys.names().get(place), at(place)))
            .iterator();
      }

      @Override
      public int size() {
        return Layered.this.size();
      }
    };
  }
}
