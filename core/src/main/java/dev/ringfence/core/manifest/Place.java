package dev.ringfence.core.manifest;

/// Where something stands: line and column count from 1, a tab is one column.
public record Place(String file, int line, int column) implements Comparable<Place> {
  @Override
  public int compareTo(Place other) {
    int order = file.compareTo(other.file);
    order = order == 0 ? Integer.compare(line, other.line) : order;
    return order == 0 ? Integer.compare(column, other.column) : order;
  }

  @Override
  public String toString() {
    return file + ":" + line + ":" + column;
  }
}
