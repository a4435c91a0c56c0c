package dev.ringfence.agent.metrics;

import dev.ringfence.report.AgentStatus;
import dev.ringfence.report.AgentStatus.Proved;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How an agent stands when it is looked at, as numbers.
final class StatusGauges implements MultiCollector {
  private final Supplier<Optional<AgentStatus>> status;

  /// @param status empty if the agent is too busy to say; then there are no gauges
  StatusGauges(Supplier<Optional<AgentStatus>> status) {
    this.status = status;
  }

  @Override
  public MetricSnapshots collect() {
    return status.get().map(StatusGauges::of).orElseGet(MetricSnapshots::of);
  }

  private static MetricSnapshots of(AgentStatus is) {
    List<MetricSnapshot> out = new ArrayList<>();
    out.add(gauge("ringfence_generation", "States put in force in this run.", is.generation()));
    out.add(gauge("ringfence_ready", "1 if a table is in force and nothing degraded.", is.ready()));
    out.add(gauge("ringfence_degraded", "1 if something needs a person.", !is.healthy()));
    out.add(gauge("ringfence_table_owned", "1 if nobody else may edit it.", is.table().owned()));
    out.add(gauge("ringfence_input_refusals", "Not in force.", is.input().refusals().size()));
    out.add(gauge("ringfence_unguarded_pods", "Could borrow an address.", is.unguarded().size()));
    holds(is.holds(), out);
    budget(is.budget(), out);
    at("ringfence_applied_timestamp_seconds", "When the last was.", is.appliedAt(), out);
    at("ringfence_proved_timestamp_seconds", "When the last proof was.", is.proof().at(), out);
    if (!is.proof().result().equals(Proved.NOT_RUN)) {
      boolean equal = is.proof().result().equals("equal");
      out.add(gauge("ringfence_proof_equal", "1 if the last proof holds.", equal));
    }
    out.add(denied(is, "ringfence_denied_packets", "Packets denied.", false));
    out.add(denied(is, "ringfence_denied_bytes", "Bytes of the packets denied.", true));
    if (!is.input().kinds().isEmpty()) {
      new FeedGauges(is.input().kinds()).into(out);
    }
    return new MetricSnapshots(out);
  }

  private static void holds(AgentStatus.Holds holds, List<MetricSnapshot> out) {
    out.add(gauge("ringfence_local_pods", "Pods of this node.", holds.localPods()));
    out.add(gauge("ringfence_pods", "Pods known, of any node.", holds.pods()));
    out.add(gauge("ringfence_policies", "Policies in force.", holds.policies()));
    out.add(gauge("ringfence_groups", "Local pods with the same rules.", holds.groups()));
    out.add(gauge("ringfence_chains", "Chains programmed.", holds.chains()));
    out.add(gauge("ringfence_rules", "Rules programmed.", holds.rules()));
    out.add(gauge("ringfence_sets", "Sets and maps programmed.", holds.sets()));
    out.add(gauge("ringfence_members", "Elements of them all.", holds.members()));
    out.add(
        gauge(
            "ringfence_kernel_memory_bytes",
            "About what all that takes of the kernel's memory.",
            holds.estimatedKernelBytes()));
  }

  private static void budget(AgentStatus.Budget budget, List<MetricSnapshot> out) {
    out.add(gauge("ringfence_peer_members", "Of the sets of peers in force.", budget.used()));
    out.add(gauge("ringfence_member_budget", "How many there may be.", budget.members()));
    out.add(
        gauge("ringfence_union_groups", "Told by the sets of their selectors.", budget.unions()));
    Long refused = budget.refused();
    out.add(
        gauge(
            "ringfence_peer_members_refused",
            "How many the state would need that was refused for it; else 0.",
            refused == null ? 0 : refused));
  }

  private static void at(String name, String help, @Nullable String at, List<MetricSnapshot> out) {
    if (at != null) {
      out.add(gauge(name, help, Instant.parse(at).toEpochMilli() / 1000.0));
    }
  }

  private static GaugeSnapshot gauge(String name, String help, boolean yes) {
    return gauge(name, help, yes ? 1 : 0);
  }

  private static GaugeSnapshot gauge(String name, String help, long value) {
    return gauge(name, help, (double) value);
  }

  private static GaugeSnapshot gauge(String name, String help, double value) {
    return GaugeSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
        .build();
  }

  private static CounterSnapshot denied(AgentStatus is, String name, String help, boolean bytes) {
    CounterSnapshot.Builder out = CounterSnapshot.builder().name(name).help(help);
    is.denied()
        .forEach((direction, count) ->
            out.dataPoint(
                CounterDataPointSnapshot.builder()
                    .labels(Labels.of("direction", direction))
                    .value((double) (bytes ? count.bytes() : count.packets()))
                    .build()));
    return out.build();
  }
}
