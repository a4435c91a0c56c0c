package dev.ringfence.agent.metrics;

import dev.ringfence.report.AgentStatus.Followed;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// How each kind of objects of a running cluster is followed, as numbers.
record FeedGauges(List<Followed> kinds) {
  void into(List<MetricSnapshot> out) {
    out.add(gauge("ringfence_cluster_objects", "Objects known.", Followed::objects));
    out.add(
        gauge(
            "ringfence_cluster_listed",
            "1 once all of them were listed.",
            kind -> kind.listedAt() == null ? 0 : 1));
    out.add(
        gauge(
            "ringfence_cluster_trouble",
            "1 while they cannot be followed.",
            kind -> kind.trouble() == null ? 0 : 1));
    out.add(silence());
    out.add(
        counter(
            "ringfence_cluster_relists",
            "Lists after the first.",
            kind -> Math.max(0, kind.lists() - 1)));
    out.add(
        counter(
            "ringfence_cluster_watch_restarts",
            "Watches begun after the first.",
            kind -> Math.max(0, kind.watches() - 1)));
    out.add(counter("ringfence_cluster_events", "Changes read from watches.", Followed::events));
  }

  /// Absent for a kind of which nothing was ever heard.
  private GaugeSnapshot silence() {
    GaugeSnapshot.Builder out =
        GaugeSnapshot.builder()
            .name("ringfence_cluster_silent_seconds")
            .help("Since the server last said anything about them.");
    for (Followed kind : kinds) {
      Double silent = kind.silentSeconds();
      if (silent != null) {
        out.dataPoint(point(kind, silent));
      }
    }
    return out.build();
  }

  private GaugeSnapshot gauge(String name, String help, ToDoubleFunction<Followed> value) {
    GaugeSnapshot.Builder out = GaugeSnapshot.builder().name(name).help(help);
    kinds.forEach(kind -> out.dataPoint(point(kind, value.applyAsDouble(kind))));
    return out.build();
  }

  private static GaugeDataPointSnapshot point(Followed kind, double value) {
    return GaugeDataPointSnapshot.builder().labels(labels(kind)).value(value).build();
  }

  private CounterSnapshot counter(String name, String help, ToDoubleFunction<Followed> value) {
    CounterSnapshot.Builder out = CounterSnapshot.builder().name(name).help(help);
    kinds.forEach(kind ->
        out.dataPoint(
            CounterDataPointSnapshot.builder()
                .labels(labels(kind))
                .value(value.applyAsDouble(kind))
                .build()));
    return out.build();
  }

  private static Labels labels(Followed kind) {
    return Labels.of("kind", kind.kind());
  }
}
