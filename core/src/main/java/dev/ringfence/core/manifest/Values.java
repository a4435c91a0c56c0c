package dev.ringfence.core.manifest;

import dev.ringfence.core.manifest.Tree.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Typed reading of a tree that a [Decoder] has looked at: what is absent, null or of a wrong type
/// comes back as absent.
final class Values {
  private Values() {}

  static Tree.@Nullable Mapping mapping(Tree.Mapping in, String key) {
    return in.get(key) instanceof Tree.Mapping mapping ? mapping : null;
  }

  /// The field, or an empty mapping.
  static Tree.Mapping mappingOrEmpty(Tree.Mapping in, String key) {
    Tree.Mapping found = mapping(in, key);
    return found == null ? new Tree.Mapping(in.line(), in.column(), List.of()) : found;
  }

  static List<Tree> items(Tree.Mapping in, String key) {
    return in.get(key) instanceof Tree.Sequence sequence ? sequence.items() : List.of();
  }

  /// Whether something is written where a list should be.
  static boolean notAList(Tree.Mapping in, String key) {
    Tree tree = in.get(key);
    return tree != null && !(tree instanceof Tree.Sequence);
  }

  /// A list item; a null one is an empty one (S20).
  static Tree.@Nullable Mapping item(Tree item) {
    return switch (item) {
      case Tree.Mapping mapping -> mapping;
      case Tree.Null none -> new Tree.Mapping(none.line(), none.column(), List.of());
      case Tree.Sequence _, Tree.Scalar _ -> null;
    };
  }

  static Optional<String> text(Tree.Mapping in, String key) {
    return Optional.ofNullable(string(in.get(key)));
  }

  /// The text of a string item; a null one is the empty string (S20).
  static @Nullable String itemText(Tree item) {
    return item instanceof Tree.Null ? "" : string(item);
  }

  private static @Nullable String string(@Nullable Tree tree) {
    return tree instanceof Tree.Scalar scalar && scalar.kind() == Kind.STRING
        ? scalar.value()
        : null;
  }

  static boolean isTrue(Tree.Mapping in, String key) {
    return in.get(key) instanceof Tree.Scalar scalar
        && scalar.kind() == Kind.BOOLEAN
        && scalar.value().equals("true");
  }

  static OptionalInt int32(Tree.Mapping in, String key) {
    return in.get(key) instanceof Tree.Scalar scalar
            && scalar.kind() == Kind.INTEGER
            && fits(scalar.value(), 32)
        ? OptionalInt.of(Integer.parseInt(scalar.value()))
        : OptionalInt.empty();
  }

  static OptionalLong int64(Tree.Mapping in, String key) {
    return in.get(key) instanceof Tree.Scalar scalar
            && scalar.kind() == Kind.INTEGER
            && fits(scalar.value(), 64)
        ? OptionalLong.of(Long.parseLong(scalar.value()))
        : OptionalLong.empty();
  }

  /// Pairs of a `map[string]string` in the order of the text; null is the empty string (S20).
  static Map<String, String> strings(Tree.Mapping in, String key) {
    Tree.Mapping mapping = mapping(in, key);
    if (mapping == null) {
      return Map.of();
    }
    Map<String, String> out = LinkedHashMap.newLinkedHashMap(mapping.entries().size());
    for (Tree.Entry entry : mapping.entries()) {
      String value = itemText(entry.value());
      if (value != null) {
        out.put(entry.key(), value);
      }
    }
    return out;
  }

  /// @param value decimal digits with an optional minus sign
  static boolean fits(String value, int bits) {
    if (value.length() > 20) {
      return false;
    }
    if (value.length() <= 9 && bits >= 32) {
      return true;
    }
    return new java.math.BigInteger(value).bitLength() < bits;
  }
}
