package dev.ringfence.agent;

import dev.ringfence.agent.metrics.AgentEvents;
import dev.ringfence.agent.metrics.Trouble;
import dev.ringfence.nftables.table.Applied;
import dev.ringfence.report.AgentLine;
import dev.ringfence.report.AgentStatus.LastError;
import dev.ringfence.report.AgentStatus.Proved;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What happened in one run of an agent, as far as somebody may ask; on the agent's thread.
final class Journal {
  final Instant startedAt = Instant.now();
  private final long startedNanos = System.nanoTime();
  private final AgentEvents events;
  private final Map<Trouble, String> troubles = new EnumMap<>(Trouble.class);
  private @Nullable Last last;
  private @Nullable Instant appliedAt;
  private long generation;
  private long repairs;
  private long repaired;
  private @Nullable Instant lastRepairAt;
  private Proved proof = Proved.NOT_YET;

  private record Last(Trouble what, String message, Instant at, boolean lastGoodInForce) {}

  Journal(AgentEvents events) {
    this.events = events;
  }

  /// @param change what it took of the kernel
  /// @param took from when the change was known to when the kernel had it
  void applied(AgentLine line, Applied change, Duration took) {
    appliedAt = Instant.now();
    generation = line.generation();
    events.applied(line, change, took);
  }

  /// Something is wrong from now on, until it is [#over].
  ///
  /// @return whether it was not wrong before in just that way
  boolean troubled(Trouble what, String message) {
    boolean news = !message.equals(troubles.put(what, message));
    last = new Last(what, message, Instant.now(), generation > 0);
    events.troubled(what);
    return news;
  }

  void over(Trouble what) {
    troubles.remove(what);
  }

  void repaired(int differences) {
    repairs++;
    repaired += differences;
    lastRepairAt = Instant.now();
    events.repaired(differences);
  }

  void proved(Proved result) {
    proof = result;
    events.proved(result);
  }

  /// What is wrong now, a sentence each.
  List<String> degraded() {
    return List.copyOf(troubles.values());
  }

  Optional<LastError> lastError() {
    return Optional.ofNullable(last)
        .map(error ->
            new LastError(
                error.what.word(),
                error.message,
                text(error.at),
                !error.message.equals(troubles.get(error.what)),
                error.lastGoodInForce));
  }

  double uptimeSeconds() {
    return Math.round((System.nanoTime() - startedNanos) / 1e6) / 1e3;
  }

  @Nullable String appliedAt() {
    return appliedAt == null ? null : text(appliedAt);
  }

  long repairs() {
    return repairs;
  }

  long repaired() {
    return repaired;
  }

  @Nullable String lastRepairAt() {
    return lastRepairAt == null ? null : text(lastRepairAt);
  }

  Proved proof() {
    return proof;
  }

  static String text(Instant at) {
    return at.truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
