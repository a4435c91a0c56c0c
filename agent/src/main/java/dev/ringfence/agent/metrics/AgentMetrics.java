package dev.ringfence.agent.metrics;

import dev.ringfence.nftables.table.Applied;
import dev.ringfence.report.AgentLine;
import dev.ringfence.report.AgentStatus.Proved;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.time.Duration;

/// What happens in an agent, counted and timed as it happens.
public final class AgentMetrics implements AgentEvents {
  private static final double[] SECONDS = {
    0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
    1, 2.5, 5, 10
  };
  private static final double MICRO = 1e-6;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Histogram eventToKernel =
      seconds(
          "ringfence_event_to_kernel_seconds",
          "From when a change of the input was known to when the kernel had it in force.");
  private final Histogram compile =
      seconds("ringfence_compile_seconds", "From a changed state to the node's policy.");
  private final Histogram transaction =
      seconds("ringfence_kernel_transaction_seconds", "The transactions of one generation.");
  private final Histogram proofSeconds =
      seconds("ringfence_proof_seconds", "One proof, from the table as read back.");
  private final Counter generations =
      counter("ringfence_generations_total", "States of the input by what became of them.")
          .labelNames("result")
          .register(registry);
  private final Counter elements =
      counter("ringfence_elements_changed_total", "Elements of sets and maps sent to the kernel.")
          .labelNames("change")
          .register(registry);
  private final Counter sent =
      counter("ringfence_sent_bytes_total", "Bytes of the transactions sent to the kernel.")
          .register(registry);
  private final Counter errors =
      counter("ringfence_errors_total", "What was refused or went wrong, by what it is about.")
          .labelNames("about")
          .register(registry);
  private final Counter repairs =
      counter("ringfence_repairs_total", "How often a foreign edit was found and put right.")
          .register(registry);
  private final Counter repaired =
      counter("ringfence_repaired_differences_total", "Elements, chains and sets put right.")
          .register(registry);
  private final Counter proofs =
      counter("ringfence_proofs_total", "Proofs by result.")
          .labelNames("result")
          .register(registry);

  /// Nothing counted yet.
  ///
  /// @param version what runs, for `ringfence_build_info`
  public AgentMetrics(String node, String version) {
    Info.builder()
        .name("ringfence_build_info")
        .help("What runs here.")
        .labelNames("version", "node", "java")
        .register(registry)
        .addLabelValues(version, node, Runtime.version().toString());
    for (String result : new String[] {"applied", "refused"}) {
      generations.initLabelValues(result);
    }
    elements.initLabelValues("added");
    elements.initLabelValues("deleted");
    for (Trouble one : Trouble.values()) {
      errors.initLabelValues(one.word());
    }
    proofs.initLabelValues("equal");
    proofs.initLabelValues("different");
    JvmMetrics.builder().register(registry);
  }

  PrometheusRegistry registry() {
    return registry;
  }

  private static Counter.Builder counter(String name, String help) {
    return Counter.builder().name(name).help(help);
  }

  private Histogram seconds(String name, String help) {
    return Histogram.builder()
        .name(name)
        .help(help)
        .unit(Unit.SECONDS)
        .classicOnly()
        .classicUpperBounds(SECONDS)
        .register(registry);
  }

  @Override
  public void applied(AgentLine line, Applied change, Duration took) {
    generations.labelValues("applied").inc();
    eventToKernel.observe(took.toNanos() * 1e-9);
    compile.observe(line.compileMicros() * MICRO);
    transaction.observe(line.kernelMicros() * MICRO);
    sent.inc(change.bytesSent());
    elements.labelValues("added").inc(line.elementsAdded());
    elements.labelValues("deleted").inc(line.elementsDeleted());
  }

  @Override
  public void troubled(Trouble what) {
    errors.labelValues(what.word()).inc();
    if (what == Trouble.KERNEL || what == Trouble.BUDGET) {
      generations.labelValues("refused").inc();
    }
  }

  @Override
  public void repaired(int differences) {
    repairs.inc();
    repaired.inc(differences);
  }

  @Override
  public void proved(Proved proof) {
    proofs.labelValues(proof.result()).inc();
    proofSeconds.observe(proof.seconds());
  }
}
