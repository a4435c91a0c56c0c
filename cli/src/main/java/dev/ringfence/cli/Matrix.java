package dev.ringfence.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Who reaches whom, by workload: a row opens, a column (one port of one workload) accepts.
///
/// Ports that nobody declares share one column a workload, shown only where something passes.
final class Matrix {
  private final List<String> rows;
  private final List<Column> columns;
  private final Map<Place, Cell> cells;

  private Matrix(List<String> rows, List<Column> columns, Map<Place, Cell> cells) {
    this.rows = rows;
    this.columns = columns;
    this.cells = cells;
  }

  /// One port of one workload or outside host.
  record Column(String to, String port) {}

  private record Place(String from, Column column) {}

  /// What all probes of one place came to.
  record Cell(int passed, int stopped, int differing) {
    private Cell plus(Probed probe) {
      return new Cell(
          passed + (probe.passed() ? 1 : 0),
          stopped + (probe.passed() ? 0 : 1),
          differing + (probe.differs() ? 1 : 0));
    }

    private Mark mark() {
      if (differing > 0) {
        return Mark.DIFFERS;
      }
      return stopped == 0 ? Mark.ALLOWED : passed == 0 ? Mark.DENIED : Mark.SOME;
    }
  }

  /// How a cell looks.
  enum Mark {
    ALLOWED("allowed"),
    DENIED("denied"),
    SOME("allowed in part"),
    DIFFERS("differs"),
    NOT_PROBED("gone");

    private final String word;

    Mark(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /// The matrix of these probes.
  ///
  /// @param order workloads and hosts in the order of rows and columns; others follow by name
  static Matrix of(List<Probed> probes, List<String> order) {
    Map<Place, Cell> cells = new HashMap<>();
    Set<String> rows = new LinkedHashSet<>();
    Set<Column> columns = new LinkedHashSet<>();
    Set<Column> open = new LinkedHashSet<>();
    for (Probed probe : probes) {
      Column column = new Column(probe.to(), probe.port());
      rows.add(probe.from());
      columns.add(column);
      if (!probe.port().equals(Probed.OTHER) || probe.passed() || probe.differs()) {
        open.add(column);
      }
      cells.merge(
          new Place(probe.from(), column),
          new Cell(0, 0, 0).plus(probe),
          (known, one) -> known.plus(probe));
    }
    Comparator<String> byOrder =
        Comparator.comparingInt((String name) -> place(order, name))
            .thenComparing(Comparator.naturalOrder());
    return new Matrix(
        rows.stream().sorted(byOrder).toList(),
        columns.stream()
            .filter(open::contains)
            .sorted(
                Comparator.comparing(Column::to, byOrder)
                    .thenComparing(column -> column.port().equals(Probed.OTHER))
                    .thenComparing(Column::port, Matrix::byPort))
            .toList(),
        cells);
  }

  private static int place(List<String> order, String name) {
    int at = order.indexOf(name);
    return at < 0 ? order.size() : at;
  }

  private static int byPort(String a, String b) {
    return Comparator.comparingInt(Matrix::number)
        .thenComparing(Comparator.<String>naturalOrder())
        .compare(a, b);
  }

  private static int number(String port) {
    String digits = port.replace(Probed.NODE_PORT, "").replaceAll("/.*", "");
    return digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : Integer.MAX_VALUE;
  }

  List<String> rows() {
    return rows;
  }

  /// The columns, those of one workload side by side.
  List<Column> columns() {
    return columns;
  }

  /// The columns by workload, in order.
  Map<String, List<Column>> groups() {
    Map<String, List<Column>> out = new java.util.LinkedHashMap<>();
    columns.forEach(
        column -> out.computeIfAbsent(column.to(), to -> new ArrayList<>()).add(column));
    return out;
  }

  Mark mark(String row, Column column) {
    Cell cell = cells.get(new Place(row, column));
    return cell == null ? Mark.NOT_PROBED : cell.mark();
  }

  /// Whether a cell looks other than before; never where nothing was before.
  boolean changedSince(@Nullable Matrix before, String row, Column column) {
    return before != null && before.mark(row, column) != mark(row, column);
  }

  /// `shop/web -> shop/db 5432 allowed`, for every place that looks different now.
  List<String> changesSince(Matrix before) {
    List<String> out = new ArrayList<>();
    for (Place place : places(before)) {
      Mark now = markOf(place);
      if (now != before.markOf(place)) {
        out.add(
            shortened(place.from())
                + " -> "
                + shortened(place.column().to())
                + " "
                + place.column().port()
                + " "
                + now.word());
      }
    }
    return out;
  }

  /// Every place of both, row by row.
  private List<Place> places(Matrix before) {
    Set<Place> all = new LinkedHashSet<>();
    for (Matrix matrix : List.of(this, before)) {
      for (String row : matrix.rows) {
        for (Column column : matrix.columns) {
          all.add(new Place(row, column));
        }
      }
    }
    return List.copyOf(all);
  }

  private Mark markOf(Place place) {
    return mark(place.from(), place.column());
  }

  /// The names of rows and columns, shortened: `shop/deployment/web` is `shop/web` where nothing
  /// else is; a Service may be, since it never stands beside others.
  Map<String, String> shortNames() {
    Map<String, List<String>> byShort = new TreeMap<>();
    Set<String> names = new LinkedHashSet<>(rows);
    columns.forEach(column -> names.add(column.to()));
    for (String name : names) {
      String kind = isService(name) ? "service " : "";
      byShort.computeIfAbsent(kind + shortened(name), s -> new ArrayList<>()).add(name);
    }
    Map<String, String> out = new HashMap<>();
    byShort
        .values()
        .forEach(
            all -> all.forEach(name -> out.put(name, all.size() == 1 ? shortened(name) : name)));
    return out;
  }

  private static boolean isService(String id) {
    return id.split("/", -1).length == 3 && id.contains("/service/");
  }

  static String shortened(String id) {
    String[] parts = id.split("/", -1);
    return parts.length == 3 ? parts[0] + "/" + parts[2] : id;
  }
}
