package dev.ringfence.cli;

import dev.ringfence.cli.Matrix.Column;
import dev.ringfence.cli.Matrix.Mark;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A [Matrix] as lines of text no wider than the terminal.
///
/// Where names and ports fit they head their columns; else columns are numbered, in as many blocks
/// as it takes, and a legend says what the numbers are.
final class MatrixText {
  private static final String GAP = "  ";
  private static final String NARROW_GAP = " ";

  private final Matrix matrix;
  private final String corner;
  private final Map<String, String> names;
  private final Paint paint;
  private final boolean unicode;
  private final @Nullable Matrix before;
  private final int labelWidth;
  private final List<String> lines = new ArrayList<>();

  private MatrixText(Matrix matrix, String corner, Console console, @Nullable Matrix before) {
    this.matrix = matrix;
    this.corner = corner;
    this.names = matrix.shortNames();
    this.paint = console.paint();
    this.unicode = console.unicode();
    this.before = before;
    this.labelWidth =
        Math.max(
            corner.length(),
            matrix.rows().stream().mapToInt(row -> name(row).length()).max().orElse(0));
  }

  /// @param corner what rows and columns are: `from \\ to`
  /// @param before what was shown last; cells that look different now stand out
  static List<String> lines(
      Matrix matrix, String corner, Console console, @Nullable Matrix before) {
    var text = new MatrixText(matrix, corner, console, before);
    if (!text.named(console.width())) {
      text.numbered(console.width());
    }
    return text.lines;
  }

  private boolean named(int width) {
    StringBuilder tops = new StringBuilder(pad(corner, labelWidth));
    StringBuilder ports = new StringBuilder(pad("", labelWidth));
    List<Integer> widths = new ArrayList<>();
    matrix
        .groups()
        .forEach((to, columns) -> {
          int start = ports.length();
          for (Column column : columns) {
            ports.append(GAP).append(column.port());
            widths.add(column.port().length());
          }
          int missing = name(to).length() - (ports.length() - start - GAP.length());
          if (missing > 0) {
            ports.append(" ".repeat(missing));
            widths.set(widths.size() - 1, widths.getLast() + missing);
          }
          tops.append(GAP).append(pad(name(to), ports.length() - start - GAP.length()));
        });
    if (ports.length() > width) {
      return false;
    }
    lines.add(paint.bold(tops.toString().stripTrailing()));
    lines.add(ports.toString().stripTrailing());
    rows(matrix.columns(), widths, GAP);
    return true;
  }

  private void numbered(int width) {
    List<Column> columns = matrix.columns();
    int each = Integer.toString(columns.size()).length();
    int fit = Math.max(1, (width - labelWidth) / (each + NARROW_GAP.length()));
    for (int from = 0; from < columns.size(); from += fit) {
      List<Column> block = columns.subList(from, Math.min(columns.size(), from + fit));
      StringBuilder top = new StringBuilder(pad(corner, labelWidth));
      List<Integer> widths = new ArrayList<>();
      for (int i = 0; i < block.size(); i++) {
        top.append(NARROW_GAP).append(pad(Integer.toString(from + i + 1), each));
        widths.add(each);
      }
      lines.add(paint.bold(top.toString().stripTrailing()));
      rows(block, widths, NARROW_GAP);
      lines.add("");
    }
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      lines.add(String.format("%" + each + "d  %s %s", i + 1, name(column.to()), column.port()));
    }
  }

  private void rows(List<Column> columns, List<Integer> widths, String gap) {
    for (String row : matrix.rows()) {
      StringBuilder line = new StringBuilder(pad(name(row), labelWidth));
      for (int i = 0; i < columns.size(); i++) {
        line.append(gap).append(cell(row, columns.get(i)));
        line.append(" ".repeat(Math.max(0, widths.get(i) - 1)));
      }
      lines.add(line.toString().stripTrailing());
    }
  }

  private String cell(String row, Column column) {
    Mark mark = matrix.mark(row, column);
    String painted =
        switch (mark) {
          case ALLOWED -> paint.green(sign(mark, unicode));
          case DENIED -> paint.dim(sign(mark, unicode));
          case SOME -> paint.yellow(sign(mark, unicode));
          case DIFFERS -> paint.red(sign(mark, unicode));
          case NOT_PROBED -> sign(mark, unicode);
        };
    return matrix.changedSince(before, row, column) ? paint.inverse(sign(mark, unicode)) : painted;
  }

  private static String sign(Mark mark, boolean unicode) {
    return switch (mark) {
      case ALLOWED -> unicode ? "✓" : "x";
      case DENIED -> unicode ? "·" : ".";
      case SOME -> "~";
      case DIFFERS -> "!";
      case NOT_PROBED -> " ";
    };
  }

  /// What the signs and words of these mean.
  static String legend(List<Matrix> shown, Console console) {
    boolean unicode = console.unicode();
    Set<String> ports = new HashSet<>();
    shown.forEach(matrix -> matrix.columns().forEach(column -> ports.add(column.port())));
    StringBuilder out = new StringBuilder();
    out.append(sign(Mark.ALLOWED, unicode)).append(" allowed  ");
    out.append(sign(Mark.DENIED, unicode)).append(" denied");
    out.append("  ~ some pods or families only  ! packet and answer differ");
    if (ports.contains(Probed.OTHER)) {
      out.append("\nother: a port that nobody declares, TCP and UDP");
    }
    if (ports.stream().anyMatch(port -> port.startsWith(Probed.NODE_PORT))) {
      out.append("\nnode: a port of every node");
    }
    return out.toString();
  }

  private String name(String id) {
    return names.getOrDefault(id, id);
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
