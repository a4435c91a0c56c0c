package dev.ringfence.cli;

import java.util.ArrayList;
import java.util.List;

/// Rows of text with aligned columns.
final class Table {
  private Table() {}

  /// One line a row; every row has as many cells as the first.
  static List<String> lines(List<List<String>> rows) {
    List<String> out = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        int column = i;
        int width = rows.stream().mapToInt(any -> any.get(column).length()).max().orElse(0);
        line.append(row.get(i)).append(" ".repeat(width - row.get(i).length() + 2));
      }
      out.add(line.toString().stripTrailing());
    }
    return out;
  }
}
