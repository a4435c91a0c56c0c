package dev.ringfence.cli;

import dev.ringfence.report.LabReport;
import dev.ringfence.report.LabReport.Denial;
import dev.ringfence.report.LabReport.End;
import dev.ringfence.report.ProbeReport;
import dev.ringfence.report.ProbeReport.Probe;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What a lab shows a person: the matrix, who denies what, what differs, and the count.
final class LabText {
  /// As many differences are named; more would hide the rest.
  private static final int MOST = 40;

  private final Console console;
  private final LabReport report;
  private final Map<String, End> ends = new HashMap<>();

  LabText(Console console, LabReport report) {
    this.console = console;
    this.report = report;
    report.ends().forEach(end -> ends.put(end.id(), end));
  }

  /// Pods and hosts among themselves, and everybody through Services.
  record Shown(Matrix direct, Matrix services) {
    /// What looks different now, one sentence each.
    List<String> changesSince(Shown before) {
      List<String> out = new ArrayList<>(direct.changesSince(before.direct));
      services
          .changesSince(before.services)
          .forEach(change -> out.add(change.replace(" -> ", " -> service ")));
      return out;
    }
  }

  Shown shown() {
    return new Shown(
        matrix(probe -> probe.backend() == null), matrix(probe -> probe.backend() != null));
  }

  private Matrix matrix(Predicate<Probe> which) {
    List<String> order = report.ends().stream().map(End::group).distinct().toList();
    return Matrix.of(
        report.probes().probes().stream().filter(which).map(this::probed).toList(), order);
  }

  /// Prints all of it.
  ///
  /// @param before what was shown last: cells that look different now stand out
  void print(@Nullable Shown before) {
    Shown now = shown();
    MatrixText.lines(now.direct(), "from \\ to", console, before == null ? null : before.direct())
        .forEach(console.out()::println);
    if (!now.services().rows().isEmpty()) {
      console.out().println();
      MatrixText.lines(
              now.services(), "from \\ service", console, before == null ? null : before.services())
          .forEach(console.out()::println);
    }
    console.out().println(MatrixText.legend(List.of(now.direct(), now.services()), console));
    if (!report.denials().isEmpty()) {
      console.out().println();
      report.denials().forEach(denial -> console.out().println(line(denial)));
    }
    report.notProbed().forEach(line -> console.out().println("not probed: " + line));
    differences();
    console.out().println();
    if (report.probes().dataplane().equals("evaluator")) {
      console.out().println(console.paint().yellow("evaluator only, no packets sent"));
    }
    console.out().println(count(report.probes()));
  }

  /// Prints one line a probe, and the count.
  void list() {
    for (Probe probe : report.probes().probes()) {
      String packet = probe.packet() == null ? "not sent" : probe.packet();
      String line = name(probe) + " " + probe.family() + ": answer " + probe.answer();
      boolean same = probe.packet() == null || probe.packet().equals(probe.answer());
      console
          .out()
          .println(
              same
                  ? line + ", packet " + packet
                  : console.paint().red(line + ", packet " + packet));
    }
    differences();
    console.out().println(count(report.probes()));
  }

  private void differences() {
    List<String> lines = differences(report.probes().probes());
    lines.stream().limit(MOST).forEach(line -> console.out().println(console.paint().red(line)));
    if (lines.size() > MOST) {
      console.out().println("... and " + (lines.size() - MOST) + " more that differ (-o json)");
    }
  }

  /// `480 probes: 131 allowed, 349 denied, 0 differ`.
  static String count(ProbeReport report) {
    long allowed =
        report.probes().stream().filter(probe -> probe.answer().equals("allowed")).count();
    return String.format(
        Locale.ROOT,
        "%d probes: %d allowed, %d denied, %d differ",
        report.probes().size(),
        allowed,
        report.probes().size() - allowed,
        report.different());
  }

  /// `DIFFERS shop/web-1 -> shop/db-0 TCP/5432: answer denied, packet allowed`, and which family if
  /// only one of two differs.
  static List<String> differences(List<Probe> probes) {
    Map<String, Set<String>> asked = new HashMap<>();
    Map<String, Set<String>> differing = new LinkedHashMap<>();
    Map<String, String> names = new HashMap<>();
    for (Probe probe : probes) {
      String name = name(probe);
      asked.computeIfAbsent(name, any -> new TreeSet<>()).add(probe.family());
      if (probe.packet() != null && !probe.packet().equals(probe.answer())) {
        String line =
            "DIFFERS " + name + ": answer " + probe.answer() + ", packet " + probe.packet();
        differing.computeIfAbsent(line, any -> new TreeSet<>()).add(probe.family());
        names.put(line, name);
      }
    }
    List<String> out = new ArrayList<>();
    differing.forEach((line, families) -> {
      boolean all = families.equals(asked.get(names.get(line)));
      out.add(all ? line : line + " (" + String.join(", ", families) + " only)");
    });
    return out;
  }

  private Probed probed(Probe probe) {
    return new Probed(
        group(probe.from()),
        group(probe.to()),
        label(probe),
        probe.answer().equals("allowed"),
        probe.packet() == null ? null : probe.packet().equals("allowed"));
  }

  private String group(String id) {
    End end = ends.get(id);
    return end == null ? id : end.group();
  }

  private String label(Probe probe) {
    if (probe.backend() != null) {
      String label = port(probe);
      return probe.node() == null ? label : Probed.NODE_PORT + label;
    }
    End to = ends.get(probe.to());
    if (to == null || !to.ports().contains(probe.port() + "/" + probe.protocol())) {
      return Probed.OTHER;
    }
    return port(probe);
  }

  private static String port(Probe probe) {
    return probe.protocol().equals("TCP")
        ? String.valueOf(probe.port())
        : probe.port() + "/" + probe.protocol().toLowerCase(Locale.ROOT);
  }

  private static String line(Denial denial) {
    StringJoiner what = new StringJoiner("; ");
    if (!denial.outOf().isEmpty()) {
      what.add("out of " + shortened(denial.outOf()));
    }
    if (!denial.into().isEmpty()) {
      what.add("into " + shortened(denial.into()));
    }
    return denial.policy() + " denies " + denial.probes() + ": " + what;
  }

  private static String shortened(Collection<String> groups) {
    return String.join(", ", groups.stream().map(Matrix::shortened).sorted().toList());
  }

  private static String name(Probe probe) {
    String port = probe.port() == null ? "" : "/" + probe.port();
    String name = Matrix.shortened(probe.from()) + " -> ";
    if (probe.backend() == null) {
      return name + Matrix.shortened(probe.to()) + " " + probe.protocol() + port;
    }
    return name
        + "service "
        + Matrix.shortened(probe.to())
        + (probe.node() == null ? "" : " by node/" + probe.node())
        + " "
        + probe.protocol()
        + port
        + " at "
        + Matrix.shortened(probe.backend())
        + " "
        + probe.targetPort();
  }
}
