package dev.ringfence.lab.api.objects;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The types of `types.txt`, which says how it is read.
public final class Types {
  private static final Set<String> VALUES =
      Set.of(
          "string",
          "int32",
          "int64",
          "number",
          "bool",
          "time",
          "microTime",
          "quantity",
          "intOrString");
  private static final Map<String, Type.Struct> ALL = read();

  private Types() {}

  /// The type of this name.
  ///
  /// @param name as the file has it: `NetworkPolicySpec`
  public static Type.Struct struct(String name) {
    Type.Struct found = ALL.get(name);
    if (found == null) {
      throw new IllegalStateException("types.txt has no " + name);
    }
    return found;
  }

  public static Type.Struct of(ResourceKind kind) {
    return struct(kind.kind());
  }

  /// What a name stands for; anything else stands for itself.
  public static Type resolved(Type type) {
    return type instanceof Type.Named(String name) ? struct(name) : type;
  }

  private static Map<String, Type.Struct> read() {
    try (InputStream in = Types.class.getResourceAsStream("types.txt")) {
      if (in == null) {
        throw new IllegalStateException("types.txt is missing");
      }
      return read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static Map<String, Type.Struct> read(String text) {
    Set<String> kinds = Kinds.ALL.stream().map(ResourceKind::kind).collect(Collectors.toSet());
    Map<String, Type.Struct> out = new HashMap<>();
    Map<String, Type.Field> fields = new LinkedHashMap<>();
    for (String line : text.lines().toList()) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] halves = line.split(" : ", 2);
      String[] words = halves[0].strip().split(" ");
      if (line.startsWith(" ")) {
        Type.Field field = field(words, halves[1]);
        fields.put(field.name(), field);
      } else {
        fields = new LinkedHashMap<>();
        if (kinds.contains(words[0]) || words[0].equals("Scale")) {
          envelope().forEach(fields::putIfAbsent);
        }
        out.put(words[0], struct(words, halves[1], fields));
      }
    }
    return out;
  }

  private static Type.Struct struct(String[] words, String about, Map<String, Type.Field> fields) {
    String start = words[1].startsWith("meta.") ? "io.k8s.apimachinery.pkg.apis." : "io.k8s.api.";
    return new Type.Struct(
        words[0], start + words[1] + "." + words[0], words.length > 2, about, fields);
  }

  private static Map<String, Type.Field> envelope() {
    Map<String, Type.Field> out = new LinkedHashMap<>();
    String about = " of the object, as the server calls it.";
    List<Type.Field> fields =
        List.of(
            field(new String[] {"apiVersion", "string"}, "APIVersion" + about),
            field(new String[] {"kind", "string"}, "Kind" + about),
            field(new String[] {"metadata", "ObjectMeta"}, "Metadata that every object has."));
    fields.forEach(field -> out.put(field.name(), field));
    return out;
  }

  private static Type.Field field(String[] words, String about) {
    boolean required = words[0].endsWith("!");
    boolean optional = words[1].startsWith("?");
    return new Type.Field(
        required ? words[0].substring(0, words[0].length() - 1) : words[0],
        type(optional ? words[1].substring(1) : words[1]),
        required,
        optional,
        about);
  }

  private static Type type(String text) {
    if (text.startsWith("[]")) {
      String[] halves = text.substring(2).split("@", 2);
      Type item = type(halves[0]);
      if (halves.length == 1) {
        return new Type.ListOf(item, List.of());
      }
      return halves[1].equals("=")
          ? new Type.SetOf(item)
          : new Type.ListOf(item, List.of(halves[1].split(",")));
    }
    if (text.equals("map") || text.startsWith("map:")) {
      return new Type.MapOf(new Type.Value(text.equals("map") ? "string" : text.substring(4)));
    }
    if (text.equals("any")) {
      return new Type.Anything();
    }
    return VALUES.contains(text) ? new Type.Value(text) : new Type.Named(text);
  }
}
