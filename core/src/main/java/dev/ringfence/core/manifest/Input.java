package dev.ringfence.core.manifest;

import dev.ringfence.core.cluster.EndpointSlice;
import dev.ringfence.core.cluster.Namespace;
import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.OutsideHost;
import dev.ringfence.core.cluster.Service;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.ObjectName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Everything read so far: the state of one reading, and the only thing here that changes.
final class Input {
  /// More are counted and not kept, so that a hostile file costs bounded memory.
  private static final int MOST_PROBLEMS = 10_000;

  final List<Namespace> namespaces = new ArrayList<>();
  final List<Node> nodes = new ArrayList<>();
  final List<Service> services = new ArrayList<>();
  final List<EndpointSlice> slices = new ArrayList<>();
  final List<NetworkPolicy> policies = new ArrayList<>();
  final List<OutsideHost> outside = new ArrayList<>();
  final Map<ObjectName, ReadPod> pods = new LinkedHashMap<>();
  final List<ReadWorkload> workloads = new ArrayList<>();
  @Nullable LabSettings lab;

  final Map<String, Places.Spot> spots = new HashMap<>();
  final SortedMap<String, Integer> read = new TreeMap<>();
  final SortedMap<String, Integer> skipped = new TreeMap<>();

  /// The first place that uses a namespace, in the order of the input.
  final Map<String, Place> namespaceUses = new LinkedHashMap<>();

  /// The last policy that is not among those of the update.
  private @Nullable Mismatch mismatch;

  private final Map<String, Integer> generatedNames = new HashMap<>();
  private final List<Ranked> problems = new ArrayList<>();
  private int file = -1;
  private int droppedErrors;
  private int droppedWarnings;

  /// @param file position of the file in the input
  /// @param line of the object that the problem belongs to
  private record Ranked(int file, int line, Problem problem) {
    int compareTo(Ranked other) {
      int byFile = Integer.compare(file, other.file);
      return byFile != 0 ? byFile : Integer.compare(line, other.line);
    }
  }

  /// @param line of the object in this file
  /// @param answer what the server would say, were it the only one
  private record Mismatch(int file, int line, Problem answer) {}

  void nextFile() {
    file++;
  }

  /// @param line of the object in the current file
  void report(int line, List<Problem> found) {
    found.forEach(problem -> keep(new Ranked(file, line, problem)));
  }

  /// A problem that shows only once everything is read.
  void reportLate(Problem problem, List<SourceText> files) {
    Optional<Place> place = problem.place();
    int at = 0;
    while (place.isPresent()
        && at < files.size()
        && !files.get(at).file().equals(place.get().file())) {
      at++;
    }
    keep(new Ranked(at, place.map(Place::line).orElse(0), problem));
  }

  /// An update of one policy is asked about, and this is another one; see [#settleUpdate].
  void updatesNothing(int line, Before.Old old, Tree.Mapping root, Findings findings) {
    mismatch = new Mismatch(file, line, findings.mismatch(Path.root(root), old, root));
  }

  /// Where an update of one policy is asked about and one policy was read, they are meant to be the
  /// same: if not, the server refuses it before it looks any further (S130).
  void settleUpdate() {
    if (mismatch == null || read.getOrDefault("NetworkPolicy", 0) != 1) {
      return;
    }
    Mismatch refused = mismatch;
    if (refused.answer.server()) {
      problems.replaceAll(one ->
          one.file == refused.file && one.line == refused.line && one.problem.isError()
              ? new Ranked(one.file, one.line, one.problem.asOurs())
              : one);
    }
    int at = refused.answer.server() ? 0 : problems.size(); // else behind what answers instead
    problems.add(at, new Ranked(refused.file, refused.line, refused.answer));
  }

  private void keep(Ranked problem) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(problem);
    } else if (problem.problem.isError()) {
      droppedErrors++;
    } else {
      droppedWarnings++;
    }
  }

  /// Whether so much is wrong that reading on helps nobody.
  boolean isHopeless() {
    return droppedErrors > 0;
  }

  /// In the order of files and lines; within one object as they were found.
  List<Problem> problems() {
    problems.sort(Ranked::compareTo);
    List<Problem> out = new ArrayList<>();
    problems.forEach(one -> out.add(one.problem));
    if (droppedErrors + droppedWarnings > 0) {
      out.add(
          new Problem(
              droppedErrors > 0 ? Severity.ERROR : Severity.WARNING,
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Reason.BAD_REQUEST,
              "and "
                  + (droppedErrors + droppedWarnings)
                  + " more problems"
                  + (droppedErrors > 0 ? "; what follows was not read" : ""),
              false));
    }
    return out;
  }

  /// A name for an object that has `generateName` alone: `web-1`, `web-2`.
  String generatedName(String prefix) {
    return prefix + generatedNames.merge(prefix, 1, Integer::sum);
  }
}
