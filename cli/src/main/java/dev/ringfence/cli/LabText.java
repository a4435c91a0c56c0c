package dev.ringfence.cli;

import dev.ringfence.core.answer.Decision;
import dev.ringfence.core.answer.Evaluator;
import dev.ringfence.core.cluster.ContainerPort;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.lab.scenario.End;
import dev.ringfence.lab.scenario.Probe;
import dev.ringfence.lab.scenario.Scenario;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a lab shows a person: the matrix, who denies what, what differs, and the count.
final class LabText {
  /// One probe, and what came of it.
  ///
  /// @param packet null where none was sent
  record Shown(Probe probe, Decision decision, @Nullable Boolean packet) {
    boolean differs() {
      return packet != null && packet != decision.allowed();
    }
  }

  private final Console console;
  private final Scenario scenario;

  LabText(Console console, Scenario scenario) {
    this.console = console;
    this.scenario = scenario;
  }

  /// What the evaluator alone says of every probe; no packet is sent.
  static List<Shown> answers(Scenario scenario) {
    var evaluator = new Evaluator(scenario.policies(), scenario.snapshot());
    return Probe.all(scenario).stream()
        .map(probe -> new Shown(probe, evaluator.decide(probe.flow(scenario.snapshot())), null))
        .toList();
  }

  Matrix matrix(List<Shown> shown) {
    List<String> order = scenario.ends().stream().map(End::group).distinct().toList();
    return Matrix.of(shown.stream().map(LabText::probed).toList(), order);
  }

  /// Prints all of it.
  ///
  /// @param before the matrix shown last, or null
  /// @return 1 if anything differs, else 0
  int print(List<Shown> shown, @Nullable Matrix before) {
    MatrixText.lines(matrix(shown), console, before).forEach(console.out()::println);
    var denials = new Denials();
    shown.stream()
        .filter(one -> !one.decision().allowed())
        .forEach(one ->
            denials.add(one.decision(), one.probe().from().group(), one.probe().to().group()));
    console.out().println();
    denials.lines().forEach(console.out()::println);
    scenario
        .left()
        .forEach(
            left -> console.out().println("not probed: " + left.pod().id() + ": " + left.why()));
    List<String> differing = differences(shown);
    differing.forEach(line -> console.out().println(console.paint().red(line)));
    console.out().println();
    console.out().println(count(shown));
    return differing.isEmpty() ? ExitCodes.YES : ExitCodes.NO;
  }

  /// `480 probes: 131 allowed, 349 denied, 0 differ`.
  static String count(List<Shown> shown) {
    long allowed = shown.stream().filter(one -> one.decision().allowed()).count();
    long differ = shown.stream().filter(Shown::differs).count();
    return String.format(
        Locale.ROOT,
        "%d probes: %d allowed, %d denied, %d differ",
        shown.size(),
        allowed,
        shown.size() - allowed,
        differ);
  }

  private static Probed probed(Shown shown) {
    Probe probe = shown.probe();
    return new Probed(
        probe.from().group(),
        probe.to().group(),
        label(probe),
        shown.decision().allowed(),
        shown.packet());
  }

  private static String label(Probe probe) {
    for (ContainerPort port : probe.to().ports()) {
      if (port.number() == probe.port() && port.protocol() == probe.protocol()) {
        return port(probe.protocol(), probe.port());
      }
    }
    return Probed.OTHER;
  }

  private static String port(Protocol protocol, int port) {
    return protocol == Protocol.TCP
        ? Integer.toString(port)
        : port + "/" + protocol.toString().toLowerCase(Locale.ROOT);
  }

  /// `DIFFERS shop/web-1 -> shop/db-0 TCP/5432: answer denied, packet allowed`, and which family if
  /// only one of two differs.
  static List<String> differences(List<Shown> shown) {
    Map<String, Set<Family>> all = new LinkedHashMap<>();
    Map<String, Set<Family>> differing = new LinkedHashMap<>();
    for (Shown one : shown) {
      String name = name(one);
      all.computeIfAbsent(name, any -> EnumSet.noneOf(Family.class)).add(one.probe().family());
      if (one.differs()) {
        String answer = one.decision().allowed() ? "allowed" : "denied";
        String packet = one.decision().allowed() ? "denied" : "allowed";
        differing
            .computeIfAbsent(
                name + ": answer " + answer + ", packet " + packet,
                any -> EnumSet.noneOf(Family.class))
            .add(one.probe().family());
      }
    }
    List<String> out = new ArrayList<>();
    differing.forEach((line, families) -> {
      boolean some = all.getOrDefault(line.replaceFirst(": answer.*", ""), families).size() > 1;
      out.add(
          some && families.size() == 1
              ? line + " (" + families.iterator().next() + " only)"
              : line);
    });
    return out;
  }

  private static String name(Shown shown) {
    Probe probe = shown.probe();
    return "DIFFERS "
        + Matrix.shortened(probe.from().id())
        + " -> "
        + Matrix.shortened(probe.to().id())
        + " "
        + probe.protocol()
        + "/"
        + probe.port();
  }
}
