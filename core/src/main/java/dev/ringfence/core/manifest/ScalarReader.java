package dev.ringfence.core.manifest;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.ScalarEvent;

/// Scalar events to tree nodes, by style, tag and text; equal short texts share one string.
final class ScalarReader {
  private static final String YAML_TAG = "tag:yaml.org,2002:";
  private static final Pattern TIMESTAMP =
      Pattern.compile("\\d{4}-\\d{1,2}-\\d{1,2}([Tt ]\\d{1,2}:\\d{1,2}:\\d{1,2}(\\.\\d+)?\\S*)?");
  private static final String BINARY = YAML_TAG + "binary";
  private static final int WORDS = 10_000;
  private static final int LONGEST_WORD = 64;
  private static final int LONGEST_QUOTE = 64;

  private final Map<String, String> words = new HashMap<>();

  /// @param json whether the document is JSON, where numbers stay as they are
  Tree read(ScalarEvent event, boolean json, int line, int column) {
    if (event.getTag().orElse("").equals(BINARY)) {
      return binary(event.getValue(), line, column);
    }
    String value = event.getValue();
    if (!isPlain(event, line, column)) {
      return new Tree.Scalar(line, column, word(value), Tree.Kind.STRING, word(value));
    }
    if (Scalars.isNull(value)) {
      return new Tree.Null(line, column, !value.isEmpty());
    }
    if (Scalars.isNotFinite(value)) {
      throw new TextError(line, column, "json: unsupported value: " + value);
    }
    String spelling = word(value);
    Scalars.Read read = Scalars.plain(spelling, json);
    return new Tree.Scalar(line, column, spelling, read.kind(), read.value());
  }

  /// The bytes are a text to the server; line breaks in their spelling do not count.
  private Tree binary(String value, int line, int column) {
    try {
      byte[] bytes = Base64.getDecoder().decode(value.replaceAll("[\r\n]", ""));
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return new Tree.Scalar(line, column, word(text), Tree.Kind.STRING, word(text));
    } catch (IllegalArgumentException | CharacterCodingException wrong) {
      throw new TextError(line, column, "yaml: !!binary value contains invalid base64 data");
    }
  }

  /// Whether it is a plain `.inf` or `.nan`.
  static boolean isNotFinite(ScalarEvent event) {
    return event.getScalarStyle() == ScalarStyle.PLAIN
        && event.getTag().isEmpty()
        && Scalars.isNotFinite(event.getValue());
  }

  /// What a key is to the server: booleans and numbers become text (S185).
  String key(Tree key, int line, int column) {
    if (!(key instanceof Tree.Scalar scalar)) {
      String what = key instanceof Tree.Null ? "null" : "a collection";
      throw new TextError(line, column, "yaml: unsupported map key: " + what);
    }
    Budget.checkKey(scalar.value(), line, column);
    return switch (scalar.kind()) {
      case STRING, BOOLEAN -> scalar.value();
      case INTEGER, FRACTION -> {
        if (Scalars.isUnsigned(scalar.spelling())) {
          throw new TextError(line, column, "unsupported map key of type: uint64");
        }
        yield word(Scalars.key(scalar.spelling(), scalar.value()));
      }
    };
  }

  /// Whether the text is resolved; a quoted one, or one with a tag of its own, is a string.
  private static boolean isPlain(ScalarEvent event, int line, int column) {
    String tag = event.getTag().orElse("");
    if (tag.startsWith(YAML_TAG)) {
      return resolves(tag.substring(YAML_TAG.length()), event.getValue(), line, column);
    }
    return tag.isEmpty() && event.getScalarStyle() == ScalarStyle.PLAIN;
  }

  private static boolean resolves(String tag, String value, int line, int column) {
    if (tag.equals("str") || (tag.equals("timestamp") && TIMESTAMP.matcher(value).matches())) {
      return false;
    }
    Tree.Kind kind = Scalars.plain(value, false).kind();
    boolean fits =
        switch (tag) {
          case "null" -> Scalars.isNull(value);
          case "bool" -> kind == Tree.Kind.BOOLEAN;
          case "int" -> kind == Tree.Kind.INTEGER;
          case "float" -> kind == Tree.Kind.INTEGER || kind == Tree.Kind.FRACTION;
          default -> false;
        };
    if (!fits) {
      boolean all = value.length() <= LONGEST_QUOTE;
      String what = all ? value : value.substring(0, LONGEST_QUOTE) + "...";
      throw new TextError(line, column, "yaml: cannot decode !!str `" + what + "` as a !!" + tag);
    }
    return true;
  }

  private String word(String value) {
    if (value.length() > LONGEST_WORD) {
      return value;
    }
    String known = words.get(value);
    if (known != null) {
      return known;
    }
    if (words.size() < WORDS) {
      words.put(value, value);
    }
    return value;
  }
}
