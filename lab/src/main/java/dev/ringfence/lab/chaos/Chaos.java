package dev.ringfence.lab.chaos;

import dev.ringfence.lab.Lab;
import dev.ringfence.lab.LabOptions;
import dev.ringfence.lab.netns.Instance;
import dev.ringfence.lab.scenario.Scenario;
import dev.ringfence.report.ChaosReport;
import java.time.Duration;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Changes policies and pods under traffic. Start reading at [#run].
public final class Chaos {
  /// Between two changes at most so long, so that packets also meet what stands still.
  private static final int LONGEST_PAUSE_MILLIS = 60;

  private final ChaosOptions options;
  private final Consumer<String> progress;
  private final BooleanSupplier stop;
  private Slowest slowest = Slowest.NONE;
  private int changes;

  private Chaos(ChaosOptions options, Consumer<String> progress, BooleanSupplier stop) {
    this.options = options;
    this.progress = progress;
    this.stop = stop;
  }

  /// Brings a lab of its own up, changes it under traffic, and takes it away, even on failure.
  ///
  /// @param progress is told what is being done, in words
  /// @param stop whether to end before all is done
  /// @throws Exception if the lab could not be made or changed, so that nothing is known
  public static ChaosReport run(
      Instance instance,
      Scenario scenario,
      LabOptions lab,
      ChaosOptions options,
      Consumer<String> progress,
      BooleanSupplier stop)
      throws Exception {
    try (Lab standing = Lab.unwatched(instance, scenario, lab, progress)) {
      return new Chaos(options, progress, stop).under(standing, instance);
    }
  }

  private ChaosReport under(Lab lab, Instance instance) throws Exception {
    Streams streams = Streams.of(lab.scenario(), options.seed());
    Timeline timeline = new Timeline(streams, lab.scenario());
    Ledger ledger = new Ledger(streams, timeline);
    Disorder disorder = new Disorder(options.seed(), lab.scenario());
    Random pauses = new Random(options.seed());
    try (Traffic traffic = new Traffic(instance, streams, ledger, lab.scenario())) {
      long begun = System.nanoTime();
      while (!ended(begun)) {
        traffic.requireAlive();
        Change change = disorder.next(lab.scenario());
        apply(change, lab, timeline, streams, traffic);
        tell(ledger);
        Thread.sleep(pauses.nextInt(LONGEST_PAUSE_MILLIS));
      }
    }
    return ledger.report(options.seed(), changes, slowest);
  }

  private boolean ended(long begun) {
    return changes >= options.changes()
        || System.nanoTime() - begun > options.time().toNanos()
        || stop.getAsBoolean();
  }

  private void apply(Change change, Lab lab, Timeline timeline, Streams streams, Traffic traffic)
      throws Exception {
    Streams.Verdicts verdicts = streams.verdicts(change.after());
    timeline.begin(change, verdicts);
    long begun = System.nanoTime();
    traffic.leave(lab.scenario(), change.rewired());
    lab.apply(change.after());
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    traffic.enter(change.after(), change.rewired());
    timeline.settle();
    changes++;
    slowest = slowest.or(took, change.what());
  }

  private void tell(Ledger ledger) {
    progress.accept(
        "%d change%s, %d packets, %d wrong"
            .formatted(changes, changes == 1 ? "" : "s", ledger.packets(), ledger.wrong()));
  }
}
