package dev.ringfence.cli;

import dev.ringfence.core.answer.Decision;
import dev.ringfence.core.answer.Side;
import dev.ringfence.lab.chaos.ChaosReport;
import dev.ringfence.lab.chaos.Wrong;
import dev.ringfence.lab.scenario.End;
import dev.ringfence.lab.scenario.Probe;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// What came of chaos, as a person reads it: the first wrong packets, then the sum.
record ChaosText(Console console, ChaosReport report) {
  void print() {
    report.first().forEach(this::print);
    if (report.wrong() > report.first().size()) {
      line("… and " + (report.wrong() - report.first().size()) + " more");
    }
    line(
        "%s (--seed=%d), %d packets between %d pairs: %d passed wrongly, %d lost wrongly"
            .formatted(
                counted(report.changes()),
                report.seed(),
                report.packets(),
                report.streams(),
                report.passed(),
                report.lost()));
    if (report.dropped() > 0) {
      line(
          report.dropped()
              + " more were lost while the machine itself dropped packets before any rule");
    }
    if (report.changes() > 0) {
      line(
          "slowest change: %d ms, %s"
              .formatted(report.slowest().took().toMillis(), report.slowest().change()));
    }
  }

  private void print(Wrong wrong) {
    Probe probe = wrong.probe();
    String word = wrong.passed() ? "PASSED " : "LOST ";
    line(
        console.paint().red(word)
            + "%s -> %s %s/%d, %s at %s s (%s)"
                .formatted(
                    name(probe.from()),
                    name(probe.to()),
                    probe.protocol(),
                    probe.port(),
                    probe.family(),
                    seconds(wrong.at()),
                    wrong.what()));
    if (wrong.before().changes() == wrong.after().changes()) {
      line("  after %s: %s".formatted(counted(wrong.after().changes()), why(wrong.after())));
    } else {
      line("  after %s: %s".formatted(counted(wrong.before().changes()), why(wrong.before())));
      line("  after %s: %s".formatted(counted(wrong.after().changes()), why(wrong.after())));
    }
    line("  last change: " + wrong.change());
  }

  private static String counted(int changes) {
    return changes + (changes == 1 ? " change" : " changes");
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.3f", time.toMillis() / 1000.0);
  }

  /// The name at the time when the traffic began; the address stays whoever has it.
  private static String name(End end) {
    return end.asPod().map(pod -> pod.name().toString()).orElse(end.id());
  }

  private static String why(Wrong.Told told) {
    Decision decision = told.decision();
    String out = side("going out", decision.egress());
    String in = side("coming in", decision.ingress());
    return decision.allowed()
        ? "allowed (" + out + ", " + in + ")"
        : "denied (" + (decision.egress().allowed() ? in : out) + ")";
  }

  /// `coming in denied by networkpolicy/shop/db`.
  private static String side(String way, Side side) {
    List<String> policies =
        side.policy()
            .map(List::of)
            .orElseGet(() -> side.considered().stream().map(Side.Considered::policy).toList());
    return way
        + " "
        + side.code().word()
        + (policies.isEmpty() ? "" : " by " + String.join(", ", policies));
  }

  private void line(String text) {
    console.out().println(text);
  }
}
