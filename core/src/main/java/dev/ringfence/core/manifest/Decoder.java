package dev.ringfence.core.manifest;

import dev.ringfence.core.manifest.Tree.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Compares a tree with a [Schema]: every wrong type, every unknown field (S135 to S142, S177).
///
/// The server reports one type error alone; else repeated and unknown fields together, as errors,
/// as warnings or not at all. We report all and mark those. Binders that come after may take any
/// node of a wrong type as absent, because it has been reported.
final class Decoder {
  private static final int MOST_STRICT_ERRORS = 100;

  private final boolean json;
  private final List<Finding> types = new ArrayList<>();
  private final List<Finding> repeated = new ArrayList<>();
  private final List<Finding> strict = new ArrayList<>();

  /// @param ours what we say where the server lets it through
  /// @param hint as [Hints] has it
  /// @param server whether the server notices; for a type error, whether it reads no further
  private record Finding(Path path, String message, String ours, boolean server, String hint) {
    Finding(Path path, String message, String ours, boolean server) {
      this(path, message, ours, server, "");
    }
  }

  private Decoder(boolean json) {
    this.json = json;
  }

  static void check(
      Document document,
      Tree.Mapping root,
      Schema.Struct schema,
      FieldValidation validation,
      Findings into) {
    Decoder decoder = new Decoder(document.json());
    Path path = Path.root(root);
    decoder.struct(root, schema, path);
    if (!document.json() || !schema.closed()) {
      document.duplicates().forEach(twice -> decoder.repeated(twice, path));
    }
    decoder.report(validation, into);
  }

  private void report(FieldValidation validation, Findings into) {
    int answer = answer();
    for (int i = 0; i < types.size(); i++) {
      Finding one = types.get(i);
      into.badRequest(one.path, one.message, i == answer, one.hint);
    }
    boolean says = types.isEmpty();
    boolean refused = !says;
    for (Finding twice : repeated) {
      refused |= report(twice, says && twice.server, validation, into);
    }
    Set<String> said = new HashSet<>();
    for (Finding one : strict) {
      boolean news = says && said.size() < MOST_STRICT_ERRORS && said.add(one.message);
      refused |= report(one, news, validation, into);
    }
    if (refused) {
      into.answered();
    }
  }

  /// Whether the server refuses the object for it.
  private static boolean report(
      Finding one, boolean says, FieldValidation validation, Findings into) {
    switch (validation) {
      case STRICT -> into.badRequest(one.path, one.message, says, one.hint);
      case WARN -> {
        if (says) {
          into.warning(one.path, Reason.BAD_REQUEST, one.message, true);
        }
        into.badRequest(one.path, one.ours, false, one.hint);
      }
      case IGNORE -> into.badRequest(one.path, one.ours, false, one.hint);
    }
    return says && validation == FieldValidation.STRICT;
  }

  /// The type error that the server names: the first after which it reads no further, else the very
  /// first.
  private int answer() {
    for (int i = 0; i < types.size(); i++) {
      if (types.get(i).server) {
        return i;
      }
    }
    return 0;
  }

  /// A key that stands twice in YAML, and in JSON of a kind whose fields we do not all know.
  private void repeated(Duplicate twice, Path root) {
    String message =
        json
            ? "duplicate field " + GoText.quote(twice.path())
            : "line " + twice.valueLine() + ": key " + twice.shown() + " already set in map";
    String ours =
        "key "
            + twice.shown()
            + " stands twice, first on line "
            + twice.firstLine()
            + ": the server takes "
            + (twice.same() ? "the last one" : "one of them, nobody knows which");
    Tree.Null nothing = new Tree.Null(twice.line(), twice.column(), false);
    Tree.Entry at = new Tree.Entry(twice.path(), twice.line(), twice.column(), nothing, false);
    String said = twice.same() ? message : ours;
    repeated.add(new Finding(root.field(at), said, ours, twice.same()));
  }

  private void struct(Tree.Mapping mapping, Schema.Struct schema, Path path) {
    Map<String, Tree.Entry> seen = json ? new HashMap<>() : Map.of();
    for (Tree.Entry entry : ordered(mapping)) {
      Schema field = schema.fields().get(entry.key());
      if (field != null) {
        Path at = path.field(entry);
        repeatedInJson(entry, seen, schema.closed(), at);
        value(entry.value(), field, at, schema, entry);
      } else if (schema.closed()) {
        Path at = path.field(entry);
        String message = "unknown field " + GoText.quote(at.toString());
        String ours = message + ": the server drops it";
        String hint = Hints.unknown(entry.key(), schema, at);
        keep(strict, new Finding(at, message, ours, true, hint));
      }
    }
  }

  /// JSON says it in the order of the text, among the unknown fields.
  private void repeatedInJson(
      Tree.Entry entry, Map<String, Tree.Entry> seen, boolean closed, Path at) {
    Tree.Entry before = json ? seen.putIfAbsent(entry.key(), entry) : null;
    if (before != null && closed) {
      String message = "duplicate field " + GoText.quote(at.toString());
      String ours =
          "field "
              + GoText.quote(at.toString())
              + " stands twice, first on line "
              + before.line()
              + ": the server merges them";
      keep(strict, new Finding(at, message, ours, true));
    }
  }

  /// The server turns YAML into JSON first, which sorts the keys (S177); of JSON it sees whatever
  /// stands there.
  private List<Tree.Entry> ordered(Tree.Mapping mapping) {
    if (mapping.replaced().isEmpty() && (json || isSorted(mapping.entries()))) {
      return mapping.entries();
    }
    List<Tree.Entry> sorted = new ArrayList<>(mapping.entries());
    if (json) {
      sorted.addAll(mapping.replaced());
      sorted.sort(Comparator.comparingInt(Tree.Entry::line).thenComparingInt(Tree.Entry::column));
    } else {
      sorted.sort((one, other) -> one.key().compareTo(other.key()));
    }
    return sorted;
  }

  private static boolean isSorted(List<Tree.Entry> entries) {
    for (int i = 1; i < entries.size(); i++) {
      if (entries.get(i - 1).key().compareTo(entries.get(i).key()) > 0) {
        return false;
      }
    }
    return true;
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
      case Schema.Pointer(Schema to) -> value(tree, to, path, holder, entry);
      case Schema.Strings() -> {
        if (tree instanceof Tree.Mapping mapping) {
          Map<String, Tree.Entry> seen = json ? new HashMap<>() : Map.of();
          for (Tree.Entry pair : ordered(mapping)) {
            repeatedInJson(pair, seen, holder.closed(), path.field(pair));
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
    if (!(tree instanceof Tree.Scalar scalar)
        || scalar.kind() == Kind.STRING
        || scalar.kind() == Kind.BOOLEAN) {
      wrong(tree, schema, path, holder, "");
    } else if (scalar.kind() == Kind.FRACTION || !Values.fits(scalar.value(), bits)) {
      wrong(tree, schema, path, holder, " " + scalar.value());
    }
  }

  private void time(Tree tree, Path path, Schema.Struct holder) {
    if (!(tree instanceof Tree.Scalar scalar) || scalar.kind() != Kind.STRING) {
      wrong(tree, Schema.TIME, path, holder, "");
      return;
    }
    GoTime.mistake(scalar.value()).ifPresent(mistake -> type(path, mistake, true, ""));
  }

  /// Types that read themselves end the reading where they fail.
  private void wrong(Tree tree, Schema wanted, Path path, Schema.Struct holder, String value) {
    boolean last = wanted instanceof Schema.IntOrString || wanted instanceof Schema.Time;
    String type = wanted instanceof Schema.Time ? Schema.TEXT.goType() : wanted.goType();
    String message =
        "json: cannot unmarshal "
            + jsonKind(tree)
            + value
            + " into Go struct field "
            + holder.goName()
            + "."
            + path.withoutIndices()
            + " of type "
            + type;
    type(path, message, last, Hints.type(tree, wanted));
  }

  /// What the server says of a `kind` or an `apiVersion` that is no text.
  static String noText(Tree value, String field) {
    return "couldn't get version/kind; json parse error: json: cannot unmarshal "
        + jsonKind(value)
        + " into Go struct field ."
        + field
        + " of type string";
  }

  private void type(Path path, String message, boolean last, String hint) {
    keep(types, new Finding(path, message, message, last, hint));
  }

  /// Past the most that are reported, the object is refused anyway.
  private static void keep(List<Finding> in, Finding one) {
    if (in.size() < Findings.MOST_PROBLEMS) {
      in.add(one);
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
