/// What an agent counts, as Prometheus reads it, and its health.
///
/// In: what the agent does ([AgentEvents]) and how it stands. Out: HTTP on a loopback address.
/// Never here: deciding anything. Start at [MetricsServer]; `docs/metrics.md` names every metric.
@NullMarked
package dev.ringfence.agent.metrics;

import org.jspecify.annotations.NullMarked;
