package dev.ringfence.core.manifest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One mapping while it is read: finds duplicate keys and spreads merge keys (S176, S185).
///
/// A later pair replaces an earlier one, as the server's reader does; a merged pair that an
/// explicit one replaces is no duplicate.
final class MappingBuilder {
  private static final int SMALL = 12;

  private final CharSequence path;
  private final List<Duplicate> duplicates;
  private final List<Tree.Entry> entries = new ArrayList<>();
  private final List<Tree.Entry> replaced = new ArrayList<>();
  private final Map<String, Integer> positions = new HashMap<>();
  private final Map<Integer, String> unusualKeys = new HashMap<>();
  private final boolean json;

  /// @param path of the mapping itself, read whenever a duplicate is found
  /// @param json whether what is replaced still counts
  MappingBuilder(CharSequence path, List<Duplicate> duplicates, boolean json) {
    this.path = path;
    this.duplicates = duplicates;
    this.json = json;
  }

  List<Tree.Entry> replaced() {
    return List.copyOf(replaced);
  }

  List<Tree.Entry> entries() {
    return List.copyOf(entries);
  }

  /// Whether this can still become a list document: its kind is unknown yet, or that of a list.
  boolean mayBeList() {
    int at = position("kind");
    return at < 0
        || !(entries.get(at).value() instanceof Tree.Scalar kind)
        || kind.value().endsWith("List");
  }

  /// @param key what the server's YAML reader takes for the key: a text, a number, a boolean
  /// @param valueLine where the value begins
  void put(Tree.Entry entry, Tree key, int valueLine) {
    int at = position(entry.key());
    if (at < 0) {
      if (!(key instanceof Tree.Scalar scalar && scalar.kind() == Tree.Kind.STRING)) {
        unusualKeys.put(entries.size(), shown(key));
      }
      add(entry);
      return;
    }
    String shown = shown(key);
    Tree.Entry before = entries.get(at);
    if (!before.merged()) {
      boolean same = shown.equals(unusualKeys.getOrDefault(at, GoText.quote(entry.key())));
      String printed = shown.startsWith("float ") ? shown.substring(6) : shown;
      duplicate(entry, printed, entry.line(), entry.column(), valueLine, before.line(), same);
      if (json && replaced.size() < Findings.MOST_PROBLEMS) {
        replaced.add(before);
      }
    }
    entries.set(at, entry);
  }

  /// Go's `%#v` of the key; of a fraction, and of a whole number spelled as one, `float 1.5`.
  private static String shown(Tree key) {
    return switch (key) {
      case Tree.Scalar scalar ->
          switch (scalar.kind()) {
            case STRING -> GoText.quote(scalar.value());
            case BOOLEAN -> scalar.value();
            case INTEGER, FRACTION ->
                Scalars.isWhole(scalar.spelling()) ? scalar.value() : "float " + scalar.value();
          };
      case Tree.Null _, Tree.Mapping _, Tree.Sequence _ -> "";
    };
  }

  /// Adds the pairs of one mapping or of several, of which an earlier one wins.
  void merge(Tree value, int line, int column) {
    switch (value) {
      case Tree.Mapping one -> mergeOne(one, line, column);
      case Tree.Sequence several -> {
        for (Tree one : several.items().reversed()) {
          if (!(one instanceof Tree.Mapping mapping)) {
            throw notMaps(line, column);
          }
          mergeOne(mapping, line, column);
        }
      }
      case Tree.Scalar _, Tree.Null _ -> throw notMaps(line, column);
    }
  }

  private static TextError notMaps(int line, int column) {
    return new TextError(
        line, column, "yaml: map merge requires map or sequence of maps as the value");
  }

  private void mergeOne(Tree.Mapping from, int line, int column) {
    for (Tree.Entry entry : from.entries()) {
      Tree.Entry merged =
          new Tree.Entry(entry.key(), entry.line(), entry.column(), entry.value(), true);
      int at = position(entry.key());
      if (at < 0) {
        add(merged);
        continue;
      }
      if (!entries.get(at).merged()) {
        String shown = GoText.quote(entry.key());
        int there = entry.value().line();
        duplicate(entry, shown, line, column, there, entries.get(at).line(), true);
      }
      entries.set(at, merged);
    }
  }

  private void duplicate(
      Tree.Entry entry,
      String shown,
      int line,
      int column,
      int valueLine,
      int firstLine,
      boolean same) {
    if (duplicates.size() >= Findings.MOST_PROBLEMS) {
      return; // the object is refused anyway
    }
    String at = path.isEmpty() ? entry.key() : path.toString() + "." + entry.key();
    duplicates.add(new Duplicate(at, shown, line, column, valueLine, firstLine, same));
  }

  private void add(Tree.Entry entry) {
    if (entries.size() == SMALL) {
      for (int i = 0; i < SMALL; i++) {
        positions.put(entries.get(i).key(), i);
      }
    }
    if (entries.size() >= SMALL) {
      positions.put(entry.key(), entries.size());
    }
    entries.add(entry);
  }

  private int position(String key) {
    if (entries.size() > SMALL) {
      return positions.getOrDefault(key, -1);
    }
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).key().equals(key)) {
        return i;
      }
    }
    return -1;
  }
}
