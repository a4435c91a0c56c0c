package dev.ringfence.core.manifest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the server makes of JSON fields that stand several times, once it lets them through (S176).
///
/// It reads each into what the ones before it left: objects field by field, lists item by item with
/// the length of the last one, maps key by key; texts and numbers are the last one's. Null empties
/// lists, maps and pointers, and leaves the rest as it was.
final class Repeats {
  private Repeats() {}

  /// The object as the server reads it; the very same where nothing is repeated, or in YAML.
  static Tree.Mapping settled(Document document, Tree.Mapping root, Schema.Struct schema) {
    return document.json() && !document.duplicates().isEmpty()
        ? struct(List.of(root), schema)
        : root;
  }

  /// @param all of one field, in the order of the text, never empty
  private static Tree value(List<Tree> all, Schema schema) {
    return switch (schema) {
      case Schema.Pointer(Schema to) -> {
        int lastNull = lastNull(all);
        List<Tree> rest = all.subList(lastNull + 1, all.size());
        yield rest.isEmpty() ? all.getLast() : value(rest, to);
      }
      case Schema.Struct struct -> {
        List<Tree.Mapping> mappings = mappings(all);
        yield mappings.isEmpty() ? all.getLast() : struct(mappings, struct);
      }
      case Schema.Strings _ -> map(all);
      case Schema.ListOf(Schema item) -> list(all, item);
      case Schema.Text _, Schema.Bool _, Schema.Whole _, Schema.IntOrString _ -> written(all);
      case Schema.Time _, Schema.Anything _ -> all.getLast();
    };
  }

  private static int lastNull(List<Tree> all) {
    int at = all.size() - 1;
    while (at >= 0 && !(all.get(at) instanceof Tree.Null)) {
      at--;
    }
    return at;
  }

  private static List<Tree.Mapping> mappings(List<Tree> all) {
    List<Tree.Mapping> out = new ArrayList<>();
    for (Tree one : all) {
      if (one instanceof Tree.Mapping mapping) {
        out.add(mapping);
      }
    }
    return out;
  }

  /// The last that is not null.
  private static Tree written(List<Tree> all) {
    for (Tree one : all.reversed()) {
      if (!(one instanceof Tree.Null)) {
        return one;
      }
    }
    return all.getLast();
  }

  private static Tree.Mapping struct(List<Tree.Mapping> all, Schema.Struct schema) {
    Map<String, List<Tree.Entry>> fields = new LinkedHashMap<>();
    for (Tree.Mapping mapping : all) {
      for (Tree.Entry entry : mapping.replaced()) {
        fields.computeIfAbsent(entry.key(), _ -> new ArrayList<>()).add(entry);
      }
      for (Tree.Entry entry : mapping.entries()) {
        fields.computeIfAbsent(entry.key(), _ -> new ArrayList<>()).add(entry);
      }
    }
    List<Tree.Entry> entries = new ArrayList<>();
    fields.forEach((key, several) -> {
      Tree.Entry last = several.getLast();
      Schema field = schema.fields().get(key);
      List<Tree> values = several.stream().map(Tree.Entry::value).toList();
      Tree value = field == null ? last.value() : value(values, field);
      entries.add(new Tree.Entry(key, last.line(), last.column(), value, false));
    });
    Tree.Mapping last = all.getLast();
    return new Tree.Mapping(last.line(), last.column(), List.copyOf(entries));
  }

  private static Tree map(List<Tree> all) {
    List<Tree> rest = all.subList(lastNull(all) + 1, all.size());
    List<Tree.Mapping> mappings = mappings(rest);
    if (mappings.isEmpty()) {
      return all.getLast();
    }
    Map<String, Tree.Entry> pairs = new LinkedHashMap<>();
    mappings.forEach(one -> one.entries().forEach(entry -> pairs.put(entry.key(), entry)));
    Tree.Mapping last = mappings.getLast();
    return new Tree.Mapping(last.line(), last.column(), List.copyOf(pairs.values()));
  }

  /// What a longer list has left behind the end of a shorter one shows again in a third.
  private static Tree list(List<Tree> all, Schema item) {
    List<List<Tree>> places = new ArrayList<>();
    Tree last = all.getLast();
    int length = 0;
    for (Tree one : all) {
      if (one instanceof Tree.Sequence sequence && !sequence.items().isEmpty()) {
        last = one;
        length = sequence.items().size();
        for (int i = 0; i < length; i++) {
          if (i == places.size()) {
            places.add(new ArrayList<>());
          }
          places.get(i).add(sequence.items().get(i));
        }
      } else {
        last = one;
        length = 0;
        places.clear();
      }
    }
    if (length == 0) {
      return last;
    }
    List<Tree> items = new ArrayList<>();
    places.subList(0, length).forEach(several -> items.add(value(several, item)));
    return new Tree.Sequence(last.line(), last.column(), List.copyOf(items));
  }
}
