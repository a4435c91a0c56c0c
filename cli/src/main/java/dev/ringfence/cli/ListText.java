package dev.ringfence.cli;

import dev.ringfence.core.answer.Connection;
import dev.ringfence.core.answer.Connection.Where;
import dev.ringfence.core.answer.Connectivity;
import dev.ringfence.core.answer.Opening;
import dev.ringfence.core.answer.Wanted;
import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.model.AddressRange;
import dev.ringfence.core.model.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A list of connections as a table: one line for each pair, and for each range outside.
final class ListText {
  /// Lines whose widths are known before the first is printed; later ones fit in or stick out.
  private static final int LOOKED_AT = 2_000;

  private static final List<String> HEAD = List.of("FROM", "TO", "PORTS");

  private final Console console;
  private final List<List<String>> waiting = new ArrayList<>();
  private int fromWidth;
  private int toWidth;
  private boolean started;

  ListText(Console console) {
    this.console = console;
  }

  void print(Connectivity connectivity, Wanted wanted) {
    waiting.add(HEAD);
    connectivity.connections(wanted, this::add);
    if (waiting.size() == 1 && !started) {
      console.note("no connection is allowed");
      return;
    }
    start();
  }

  private void add(Connection one) {
    for (String from : ends(one.from())) {
      for (String to : ends(one.to())) {
        waiting.add(List.of(from, to, text(one.opening())));
      }
    }
    if (started || waiting.size() > LOOKED_AT) {
      start();
    }
  }

  private void start() {
    if (!started) {
      started = true;
      fromWidth = width(0);
      toWidth = width(1);
    }
    waiting.forEach(this::line);
    waiting.clear();
  }

  private int width(int column) {
    return waiting.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }

  private void line(List<String> row) {
    String line = padded(row.get(0), fromWidth) + padded(row.get(1), toWidth) + row.get(2);
    console.out().println(row.equals(HEAD) ? console.paint().bold(line) : line);
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()) + 2);
  }

  /// An end; of the outside each range, and a single word for all of it.
  private static List<String> ends(Where end) {
    return switch (end) {
      case Where.Inside(var party) -> List.of(party.id());
      case Where.Outside(var ranges) ->
          ranges.equals(Stream.of(Family.values()).map(AddressRange::all).toList())
              ? List.of("outside")
              : ranges.stream().map(range -> "outside " + range).toList();
    };
  }

  private static String text(Opening opening) {
    String families =
        opening.families().stream().map(Family::toString).collect(Collectors.joining(" and "));
    return text(opening.ports()) + (families.isEmpty() ? "" : " over " + families + " only");
  }

  /// `TCP 80, 443, 8000-8100; UDP 53`, `everything`, `other protocols`.
  static String text(PortSet ports) {
    if (ports.isAll()) {
      return "everything";
    }
    return ports
        .toString()
        .replace(",", ", ")
        .replace("*", "any port")
        .replaceFirst("other$", "other protocols");
  }
}
