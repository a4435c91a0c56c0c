package dev.ringfence.core.manifest;

import dev.ringfence.core.manifest.Tree.Kind;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Compares a tree with a [Schema]: every wrong type, every unknown field (S135 to S142, S177).
///
/// The server reports one type error alone, the first of them; else duplicate keys and unknown
/// fields together. We report all and mark those. Binders that come after may take any node of a
/// wrong type as absent, because it has been reported.
final class Decoder {
  private static final int MOST_STRICT_ERRORS = 100;

  private final boolean json;
  private final List<Finding> types = new ArrayList<>();
  private final List<Finding> unknown = new ArrayList<>();

  private record Finding(Path path, String message) {}

  private Decoder(boolean json) {
    this.json = json;
  }

  static void check(Document document, Tree.Mapping root, Schema.Struct schema, Findings into) {
    Decoder decoder = new Decoder(document.json());
    Path path = Path.root(root);
    decoder.struct(root, schema, path);
    decoder.report(document, path, into);
  }

  private void report(Document document, Path root, Findings into) {
    boolean first = true;
    for (Finding type : types) {
      into.badRequest(type.path, type.message, first);
      first = false;
    }
    int strict = 0;
    for (Duplicate twice : document.duplicates()) {
      String message =
          document.json()
              ? "duplicate field " + GoText.quote(twice.path())
              : "line "
                  + twice.line()
                  + ": key "
                  + GoText.quote(twice.key())
                  + " already set in map";
      Tree.Entry where =
          new Tree.Entry(
              twice.path(),
              twice.line(),
              twice.column(),
              new Tree.Null(twice.line(), twice.column(), false),
              false);
      into.badRequest(root.field(where), message, first && strict++ < MOST_STRICT_ERRORS);
    }
    for (Finding field : unknown) {
      into.badRequest(field.path, field.message, first && strict++ < MOST_STRICT_ERRORS);
    }
    if (!types.isEmpty() || !unknown.isEmpty() || !document.duplicates().isEmpty()) {
      into.decodeFailed();
    }
  }

  private void struct(Tree.Mapping mapping, Schema.Struct schema, Path path) {
    for (Tree.Entry entry : ordered(mapping)) {
      Schema field = schema.fields().get(entry.key());
      if (field != null) {
        value(entry.value(), field, path.field(entry), schema, entry);
      } else if (schema.closed()) {
        Path at = path.field(entry);
        keep(unknown, at, "unknown field " + GoText.quote(at.toString()));
      }
    }
  }

  /// The server turns YAML into JSON first, which sorts the keys (S177).
  private List<Tree.Entry> ordered(Tree.Mapping mapping) {
    if (json || mapping.entries().size() < 2) {
      return mapping.entries();
    }
    List<Tree.Entry> sorted = new ArrayList<>(mapping.entries());
    sorted.sort(Comparator.comparing(Tree.Entry::key));
    return sorted;
  }

  private void value(Tree tree, Schema schema, Path path, Schema.Struct holder, Tree.Entry entry) {
    if (tree instanceof Tree.Null) {
      return;
    }
    switch (schema) {
      case Schema.Struct struct -> {
        if (tree instanceof Tree.Mapping mapping) {
          struct(mapping, struct, path);
        } else {
          wrong(tree, schema, path, holder, "");
        }
      }
      case Schema.ListOf list -> {
        if (tree instanceof Tree.Sequence sequence) {
          int i = 0;
          for (Tree item : sequence.items()) {
            value(item, list.item(), path.item(i++, item), holder, entry);
          }
        } else {
          wrong(tree, schema, path, holder, "");
        }
      }
      case Schema.Strings() -> {
        if (tree instanceof Tree.Mapping mapping) {
          for (Tree.Entry pair : ordered(mapping)) {
            value(pair.value(), Schema.TEXT, path.at(pair), holder, entry);
          }
        } else {
          wrong(tree, schema, path, holder, "");
        }
      }
      case Schema.Text _ -> {
        if (!(tree instanceof Tree.Scalar scalar && scalar.kind() == Kind.STRING)) {
          wrong(tree, schema, path, holder, "");
        }
      }
      case Schema.Bool() -> {
        if (!(tree instanceof Tree.Scalar scalar && scalar.kind() == Kind.BOOLEAN)) {
          wrong(tree, schema, path, holder, "");
        }
      }
      case Schema.Whole(int bits) -> number(tree, bits, path, holder, schema);
      case Schema.IntOrString() -> {
        if (!(tree instanceof Tree.Scalar scalar && scalar.kind() == Kind.STRING)) {
          number(tree, 32, path, holder, schema);
        }
      }
      case Schema.Time() -> time(tree, path, holder);
      case Schema.Anything() -> {}
    }
  }

  private void number(Tree tree, int bits, Path path, Schema.Struct holder, Schema schema) {
    if (!(tree instanceof Tree.Scalar scalar) || scalar.kind() == Kind.STRING) {
      wrong(tree, schema, path, holder, "");
    } else if (scalar.kind() == Kind.BOOLEAN) {
      wrong(tree, schema, path, holder, "");
    } else if (scalar.kind() == Kind.FRACTION || !Values.fits(scalar.value(), bits)) {
      wrong(tree, schema, path, holder, " " + scalar.value());
    }
  }

  private void time(Tree tree, Path path, Schema.Struct holder) {
    if (!(tree instanceof Tree.Scalar scalar) || scalar.kind() != Kind.STRING) {
      wrong(tree, Schema.TEXT, path, holder, "");
      return;
    }
    try {
      OffsetDateTime.parse(scalar.value());
    } catch (DateTimeParseException _) {
      keep(types, path, notATime(scalar.value()));
    }
  }

  private static String notATime(String text) {
    String quoted = GoText.quote(text);
    return "parsing time "
        + quoted
        + " as \"2006-01-02T15:04:05Z07:00\": cannot parse "
        + quoted
        + " as \"2006\"";
  }

  private void wrong(Tree tree, Schema wanted, Path path, Schema.Struct holder, String value) {
    String message =
        "json: cannot unmarshal "
            + jsonKind(tree)
            + value
            + " into Go struct field "
            + holder.goName()
            + "."
            + path.withoutIndices()
            + " of type "
            + wanted.goType();
    keep(types, path, message);
  }

  /// Past the most that are reported, the object is refused anyway.
  private static void keep(List<Finding> in, Path path, String message) {
    if (in.size() < Findings.MOST_PROBLEMS) {
      in.add(new Finding(path, message));
    }
  }

  private static String jsonKind(Tree tree) {
    return switch (tree) {
      case Tree.Mapping _ -> "object";
      case Tree.Sequence _ -> "array";
      case Tree.Null _ -> "null";
      case Tree.Scalar scalar ->
          switch (scalar.kind()) {
            case STRING -> "string";
            case BOOLEAN -> "bool";
            case INTEGER, FRACTION -> "number";
          };
    };
  }
}
