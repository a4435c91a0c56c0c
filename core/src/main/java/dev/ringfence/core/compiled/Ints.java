package dev.ringfence.core.compiled;

import java.util.Arrays;

/// A growing list of plain ints.
final class Ints {
  static final Ints NONE = new Ints();

  private int[] items = new int[2];
  private int size;

  void add(int item) {
    if (size == items.length) {
      items = Arrays.copyOf(items, size * 2);
    }
    items[size++] = item;
  }

  int get(int at) {
    return items[at];
  }

  int size() {
    return size;
  }

  /// Whether this is an item; the list must be ascending.
  boolean has(int item) {
    return Arrays.binarySearch(items, 0, size, item) >= 0;
  }

  /// Index of the first item that is at least `item`; the list must be ascending.
  int firstFrom(int item) {
    int at = Arrays.binarySearch(items, 0, size, item);
    return at >= 0 ? at : -at - 1;
  }
}
