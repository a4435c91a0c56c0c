package dev.ringfence.cli;

import dev.ringfence.report.ChaosReport;
import dev.ringfence.report.ChaosReport.Answer;
import dev.ringfence.report.ChaosReport.Wrong;
import java.util.Locale;

/// What came of chaos, as a person reads it: the first wrong packets, then the sum.
record ChaosText(Console console, ChaosReport report) {
  void print() {
    report.wrong().forEach(this::print);
    long more = report.passedWrongly() + report.lostWrongly() - report.wrong().size();
    if (more > 0) {
      line("… and " + more + " more");
    }
    line(
        "%s (--seed=%d), %d packets between %d pairs: %d passed wrongly, %d lost wrongly"
            .formatted(
                counted(report.changes()),
                report.seed(),
                report.packets(),
                report.pairs(),
                report.passedWrongly(),
                report.lostWrongly()));
    if (report.droppedByMachine() > 0) {
      line(
          report.droppedByMachine()
              + " more were lost while the machine itself dropped packets before any rule");
    }
    if (report.changes() > 0) {
      line("slowest change: " + report.slowestChangeMillis() + " ms, " + report.slowestChange());
    }
  }

  private void print(Wrong wrong) {
    line(
        console.paint().red(wrong.packet().equals("allowed") ? "PASSED " : "LOST ")
            + "%s -> %s %s/%d, %s at %s s (%s)"
                .formatted(
                    Matrix.shortened(wrong.from()),
                    Matrix.shortened(wrong.to()),
                    wrong.protocol(),
                    wrong.port(),
                    wrong.family(),
                    String.format(Locale.ROOT, "%.3f", wrong.atMillis() / 1000.0),
                    wrong.what()));
    if (!wrong.before().equals(wrong.after())) {
      print(wrong.before());
    }
    print(wrong.after());
    line("  last change: " + wrong.lastChange());
  }

  private void print(Answer answer) {
    line("  after " + counted(answer.changes()) + ": " + answer.answer() + ", " + answer.because());
  }

  private static String counted(int changes) {
    return changes + (changes == 1 ? " change" : " changes");
  }

  private void line(String text) {
    console.out().println(text);
  }
}
