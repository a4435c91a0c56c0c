package dev.ringfence.core.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Manifests as JSON, for whoever hands them on whole: every field stays, known or not.
///
/// Absent and null are the same (S20) and left out.
public final class JsonTexts {
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

  private final StringBuilder out = new StringBuilder();

  private JsonTexts() {}

  /// One JSON object for each object of a file, items of lists apart; what cannot be read is left
  /// out: [Manifests#read] says why.
  public static List<String> of(SourceText file) {
    List<String> texts = new ArrayList<>();
    Texts.read(
        file,
        document -> {
          if (document.root() instanceof Tree.Mapping root && root.entry("items") == null) {
            texts.add(of(root, document.list()));
          }
        },
        broken -> {},
        () -> true);
    return texts;
  }

  /// An item of a list may leave to the list what it is: `PodList` holds Pods.
  private static String of(Tree.Mapping root, Tree.@Nullable Mapping list) {
    List<Tree.Entry> entries = new ArrayList<>(root.entries());
    String kind = list == null ? "" : Values.text(list, "kind").orElse("");
    if (list != null && root.get("kind") == null && kind.endsWith("List")) {
      entries.removeIf(entry -> entry.key().equals("kind") || entry.key().equals("apiVersion"));
      entries.add(text("kind", kind.substring(0, kind.length() - "List".length())));
      entries.add(text("apiVersion", Values.text(list, "apiVersion").orElse("v1")));
    }
    JsonTexts json = new JsonTexts();
    json.mapping(entries);
    return json.out.toString();
  }

  private static Tree.Entry text(String key, String value) {
    return new Tree.Entry(key, 1, 1, new Tree.Scalar(1, 1, value, Tree.Kind.STRING, value), false);
  }

  private void write(Tree tree) {
    switch (tree) {
      case Tree.Mapping mapping -> mapping(mapping.entries());
      case Tree.Sequence sequence -> sequence(sequence.items());
      case Tree.Null _ -> out.append("null");
      case Tree.Scalar scalar -> scalar(scalar);
    }
  }

  private void mapping(List<Tree.Entry> entries) {
    out.append('{');
    boolean first = true;
    for (Tree.Entry entry : entries) {
      if (entry.value() instanceof Tree.Null) {
        continue;
      }
      if (!first) {
        out.append(',');
      }
      first = false;
      quote(entry.key());
      out.append(':');
      write(entry.value());
    }
    out.append('}');
  }

  private void sequence(List<Tree> items) {
    out.append('[');
    for (int i = 0; i < items.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      write(items.get(i));
    }
    out.append(']');
  }

  private void scalar(Tree.Scalar scalar) {
    switch (scalar.kind()) {
      case STRING -> quote(scalar.value());
      case BOOLEAN -> out.append(scalar.value());
      case INTEGER, FRACTION -> {
        if (NUMBER.matcher(scalar.value()).matches()) {
          out.append(scalar.value());
        } else {
          quote(scalar.spelling());
        }
      }
    }
  }

  private void quote(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c)) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
