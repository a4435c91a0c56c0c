package dev.ringfence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.report.Json;
import dev.ringfence.report.LabStatus;
import dev.ringfence.report.LabStatus.EndStatus;
import dev.ringfence.report.ProbeReport;
import dev.ringfence.report.ProbeReport.Probe;
import dev.ringfence.report.QueryAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What somebody wrote down by hand of an example, before any program was asked: its
/// `expected.jsonl`.
///
/// @param lines as they stand in the file
record WrittenDown(List<String> lines) {
  private static final Path EXAMPLES = Path.of("..", "examples");

  WrittenDown {
    lines = List.copyOf(lines);
  }

  static WrittenDown of(Path folder) throws IOException {
    return new WrittenDown(Files.readAllLines(folder.resolve("expected.jsonl")));
  }

  /// Every folder of `examples/` that has an expectation.
  static List<Path> folders() throws IOException {
    try (Stream<Path> all = Files.walk(EXAMPLES)) {
      return all.filter(file -> file.endsWith("expected.jsonl"))
          .map(file -> file.resolveSibling(""))
          .sorted()
          .toList();
    }
  }

  /// Whether every packet that a line is about did what the line says.
  ///
  /// @return the lines that no probe was about: they ask for ports that the lab does not try
  List<String> heldAgainst(ProbeReport report, LabStatus status) throws Exception {
    List<String> untried = new ArrayList<>();
    for (String line : lines) {
      QueryAnswer answer = answer(line);
      List<Probe> probes =
          report.probes().stream().filter(probe -> isAbout(probe, answer, status)).toList();
      if (probes.isEmpty()) {
        untried.add(line);
      }
      assertThat(probes)
          .as(line)
          .allMatch(probe -> (answer.allowed() ? "allowed" : "denied").equals(probe.packet()));
    }
    return untried;
  }

  private static QueryAnswer answer(String line) throws Exception {
    return Json.read(
        line.replace("}", ",\"egress\":\"\",\"ingress\":\"\",\"certainty\":\"\"}"),
        QueryAnswer.class);
  }

  private static boolean isAbout(Probe probe, QueryAnswer answer, LabStatus status) {
    return probe.backend() == null
        && probe.protocol().equals(answer.protocol())
        && answer.port() != null
        && answer.port().equals(probe.port())
        && isEnd(probe.from(), answer.from(), probe.family(), status)
        && isEnd(probe.to(), answer.to(), probe.family(), status);
  }

  /// Whether a probe's end is the one that was written down: a pod, one of a workload's, or a host
  /// by its address of the probe's family.
  private static boolean isEnd(String id, String written, String family, LabStatus status) {
    if (id.equals(written)) {
      return true;
    }
    String[] parts = written.split("/", -1);
    if (parts.length == 3) {
      return id.matches(parts[0] + "/pod/" + parts[2] + "-[0-9]+") && !parts[1].equals("pod");
    }
    return written.contains(":") == family.equals("IPv6")
        && end(status, id).addresses().contains(written);
  }

  private static EndStatus end(LabStatus status, String id) {
    return status.ends().stream().filter(end -> end.id().equals(id)).findFirst().orElseThrow();
  }
}
