package dev.ringfence.core.compiled;

import dev.ringfence.core.model.LabelSelector;
import dev.ringfence.core.model.Requirement;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;

/// Canonical forms and texts: what means the same reads the same, and has one id.
final class Definition {
  /// 80 bits. Whoever writes policies can search for collisions, so 64 would be too few.
  private static final int ID_DIGITS = 20;

  private Definition() {}

  /// Hexadecimal digits that depend on the text alone.
  static String id(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, ID_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// The same selector with sorted requirements, each once, equality written as `In`.
  static LabelSelector canonical(LabelSelector selector) {
    TreeMap<String, Requirement> sorted = new TreeMap<>();
    for (Requirement requirement : selector.requirements()) {
      Requirement plain = canonical(requirement);
      sorted.put(text(plain), plain);
    }
    return new LabelSelector(List.copyOf(sorted.values()));
  }

  private static Requirement canonical(Requirement requirement) {
    return switch (requirement) {
      case Requirement.Equal(var key, var value) -> new Requirement.In(key, List.of(value));
      case Requirement.In(var key, var values) -> new Requirement.In(key, sorted(values));
      case Requirement.NotIn(var key, var values) -> new Requirement.NotIn(key, sorted(values));
      case Requirement.Exists exists -> exists;
      case Requirement.DoesNotExist absent -> absent;
    };
  }

  private static List<String> sorted(List<String> values) {
    return List.copyOf(new TreeSet<>(values));
  }

  /// `app=web,tier in (a,b),!debug`; `{}` matches everything.
  static String text(LabelSelector canonical) {
    if (canonical.requirements().isEmpty()) {
      return "{}";
    }
    StringJoiner out = new StringJoiner(",");
    canonical.requirements().forEach(one -> out.add(text(one)));
    return out.toString();
  }

  private static String text(Requirement requirement) {
    String key = word(requirement.key());
    return switch (requirement) {
      case Requirement.Equal(var k, var value) -> key + "=" + word(value);
      case Requirement.In(var k, var values) when values.size() == 1 ->
          key + "=" + word(values.getFirst());
      case Requirement.In(var k, var values) -> key + " in (" + words(values) + ")";
      case Requirement.NotIn(var k, var values) -> key + " notin (" + words(values) + ")";
      case Requirement.Exists exists -> key;
      case Requirement.DoesNotExist absent -> "!" + key;
    };
  }

  private static String words(List<String> values) {
    StringJoiner out = new StringJoiner(",");
    values.forEach(value -> out.add(word(value)));
    return out.toString();
  }

  /// A label key or value; quoted where an old server let anything in, so that no two texts
  /// collide.
  static String word(String text) {
    boolean plain =
        !text.isEmpty()
            && text.chars()
                .allMatch(c ->
                    (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || c == '-'
                        || c == '_'
                        || c == '.'
                        || c == '/');
    return plain ? text : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
