package dev.ringfence.core.manifest;

import java.util.LinkedHashMap;
import java.util.Map;

/// The types of an API kind, with the names that the server's own messages call them by (S138).
sealed interface Schema {
  /// The Go type, as messages name it.
  String goType();

  /// An object with named fields.
  ///
  /// @param goName the struct that holds the fields, as messages name it
  /// @param closed whether other fields are mistakes; for kinds of which we read a part they are
  ///   not
  record Struct(String goName, boolean closed, Map<String, Schema> fields) implements Schema {
    @Override
    public String goType() {
      return "v1." + goName;
    }
  }

  record ListOf(Schema item) implements Schema {
    @Override
    public String goType() {
      return "[]" + item.goType();
    }
  }

  /// A field that a later null empties again; null leaves other structs, texts and numbers as they
  /// were (S176).
  record Pointer(Schema to) implements Schema {
    @Override
    public String goType() {
      return to.goType();
    }
  }

  /// `map[string]string`; a null value in it is the empty string (S20).
  record Strings() implements Schema {
    @Override
    public String goType() {
      return "map[string]string";
    }
  }

  record Text(String goType) implements Schema {}

  record Bool() implements Schema {
    @Override
    public String goType() {
      return "bool";
    }
  }

  record Whole(int bits) implements Schema {
    @Override
    public String goType() {
      return "int" + bits;
    }
  }

  /// A 32-bit number, or a string.
  record IntOrString() implements Schema {
    @Override
    public String goType() {
      return "int32";
    }
  }

  record Time() implements Schema {
    @Override
    public String goType() {
      return "v1.Time";
    }
  }

  /// Whatever it is, nobody reads it.
  record Anything() implements Schema {
    @Override
    public String goType() {
      return "any";
    }
  }

  Schema TEXT = new Text("string");
  Schema BOOL = new Bool();
  Schema INT32 = new Whole(32);
  Schema INT64 = new Whole(64);
  Schema INT_OR_STRING = new IntOrString();
  Schema TIME = new Time();
  Schema LABELS = new Strings();
  Schema ANYTHING = new Anything();

  static Schema pointer(Schema to) {
    return new Pointer(to);
  }

  static Schema list(Schema item) {
    return new ListOf(item);
  }

  /// A struct whose fields are all known: `closed("IPBlock", "cidr", TEXT, …)`.
  static Struct closed(String goName, Object... fields) {
    return new Struct(goName, true, pairs(fields));
  }

  /// A struct of which we name the fields we read.
  static Struct open(String goName, Object... fields) {
    return new Struct(goName, false, pairs(fields));
  }

  private static Map<String, Schema> pairs(Object... fields) {
    Map<String, Schema> out = new LinkedHashMap<>();
    for (int i = 0; i < fields.length; i += 2) {
      out.put((String) fields[i], (Schema) fields[i + 1]);
    }
    return Map.copyOf(out);
  }
}
