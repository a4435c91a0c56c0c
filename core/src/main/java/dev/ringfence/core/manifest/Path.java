package dev.ringfence.core.manifest;

import org.jspecify.annotations.Nullable;

/// A field of one object as the API server spells it (S134), with the place of its key.
///
/// A field that is absent has the place of its nearest parent.
final class Path {
  private final @Nullable Path parent;
  private final String name;
  private final int index;
  private final int line;
  private final int column;

  private Path(@Nullable Path parent, String name, int index, int line, int column) {
    this.parent = parent;
    this.name = name;
    this.index = index;
    this.line = line;
    this.column = column;
  }

  static Path root(Tree tree) {
    return new Path(null, "", -1, tree.line(), tree.column());
  }

  Path field(Tree.Mapping in, String field) {
    Tree.Entry entry = in.entry(field);
    return entry == null ? absent(field) : field(entry);
  }

  Path field(Tree.Entry entry) {
    return new Path(this, entry.key(), -1, entry.line(), entry.column());
  }

  /// A field that is not there.
  Path absent(String field) {
    return new Path(this, field, -1, line, column);
  }

  Path item(int at, Tree item) {
    return new Path(this, "", at, item.line(), item.column());
  }

  /// This very path, said of the thing at another place: a pair of a map (S134).
  Path at(Tree.Entry entry) {
    return new Path(parent, name, index, entry.line(), entry.column());
  }

  int line() {
    return line;
  }

  int column() {
    return column;
  }

  boolean isRoot() {
    return parent == null;
  }

  /// The way that Go's JSON reader names it: no indices (S177).
  String withoutIndices() {
    return print(new StringBuilder(), false).toString();
  }

  @Override
  public String toString() {
    return print(new StringBuilder(), true).toString();
  }

  private StringBuilder print(StringBuilder out, boolean indices) {
    if (parent != null) {
      parent.print(out, indices);
      if (index >= 0) {
        return indices ? out.append('[').append(index).append(']') : out;
      }
      if (!out.isEmpty()) {
        out.append('.');
      }
    }
    return out.append(name);
  }
}
