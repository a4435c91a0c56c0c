package dev.ringfence.core.manifest;

/// A key that stands twice in one mapping (S137, S176); the tree keeps the later one.
///
/// @param path of the key, from the object's root: `spec.podSelector.matchLabels.app`
/// @param shown the key as the server's YAML reader prints it: `"app"`, `true`
/// @param valueLine of the second value; that is the line the server names
/// @param same whether the two are the same to the server, too: `1_000` and `1e3` are not (S185)
record Duplicate(
    String path, String shown, int line, int column, int valueLine, int firstLine, boolean same) {
  /// The same, seen from a part of the object.
  Duplicate below(String prefix) {
    return new Duplicate(
        path.substring(prefix.length()), shown, line, column, valueLine, firstLine, same);
  }
}
