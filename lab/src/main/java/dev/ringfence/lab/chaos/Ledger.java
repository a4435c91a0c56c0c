package dev.ringfence.lab.chaos;

import dev.ringfence.core.answer.Decision;
import dev.ringfence.lab.chaos.Timeline.State;
import dev.ringfence.lab.scenario.Probe;
import dev.ringfence.lab.traffic.Packet;
import dev.ringfence.report.ChaosReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/// Every packet from its sending to its arrival, and what was wrong with it. Senders enter packets;
/// one thread, which sees them arrive, does the rest.
final class Ledger {
  /// How long a packet may lie in a queue of the machine before a rule judges it.
  private static final long UNDER_WAY = Duration.ofMillis(250).toNanos();

  /// After this it does not come any more.
  private static final long PATIENCE = Duration.ofSeconds(1).toNanos();

  /// After this much time without sending all that can arrive has.
  static final Duration SETTLED = Duration.ofMillis(500);

  private static final int TOLD = 10;

  private final Streams streams;
  private final Timeline timeline;
  private final Overflows overflows = new Overflows();
  private final long start = System.nanoTime();
  private final Map<Key, Sent> underWay = new ConcurrentHashMap<>();
  private final Queue<Sent> inOrder = new ConcurrentLinkedQueue<>();
  private final AtomicLong packets = new AtomicLong();
  private final AtomicLong passed = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final List<ChaosReport.Wrong> first = new ArrayList<>();

  /// What tells a packet on the wire from others.
  ///
  /// @param number of its mark, 0 for one that carries nothing
  private record Key(Packet packet, long number) {}

  private record Sent(Key key, int stream, String what, long at) {}

  Ledger(Streams streams, Timeline timeline) {
    this.streams = streams;
    this.timeline = timeline;
  }

  /// A packet is about to be sent.
  ///
  /// @param number of its mark, 0 for one that carries nothing
  /// @return whether it can be told from those that are under way; else it must not be sent
  boolean sending(Packet packet, int stream, long number, String what) {
    Sent sent = new Sent(new Key(packet, number), stream, what, System.nanoTime());
    boolean known = underWay.putIfAbsent(sent.key, sent) != null;
    if (!known) {
      inOrder.add(sent);
      packets.incrementAndGet();
    }
    return !known;
  }

  /// One more that is counted, though not by its arrival.
  void counted() {
    packets.incrementAndGet();
  }

  /// It could not be sent.
  void unsent(Packet packet, long number) {
    if (underWay.remove(new Key(packet, number)) != null) {
      packets.decrementAndGet();
    }
  }

  /// A packet has arrived.
  ///
  /// @param since nothing that arrived before this is among those that are seen now
  void arrived(Packet packet, Optional<Mark> mark, long since) {
    Sent sent = underWay.remove(new Key(packet, mark.map(Mark::number).orElse(0L)));
    if (sent != null) {
      requireAllowed(sent.stream, sent.at, sent.what);
    } else if (packet.protocol() == Packet.TCP && mark.isPresent()) {
      // A connection repeats what was lost, so it may have been sent long ago.
      requireAllowed(mark.get().stream(), since, Talk.WHAT);
    }
  }

  private void requireAllowed(int stream, long from, String what) {
    long now = System.nanoTime();
    List<State> during = timeline.during(from, now);
    if (!timeline.mayPass(stream, during)) {
      passed.incrementAndGet();
      tell(stream, from, true, what, during);
    }
  }

  /// A connection had no answer to what was sent, or was cut.
  void silent(int stream, long from, String what) {
    requireDenied(stream, from, System.nanoTime(), what);
  }

  private void requireDenied(int stream, long from, long to, String what) {
    List<State> during = timeline.during(from, to);
    if (timeline.mayBeLost(stream, during, from, to)) {
      return;
    }
    if (overflows.during(from, to)) {
      dropped.incrementAndGet();
      return;
    }
    lost.incrementAndGet();
    tell(stream, from, false, what, during);
  }

  private synchronized void tell(
      int stream, long from, boolean arrived, String what, List<State> during) {
    if (first.size() >= TOLD) {
      return;
    }
    Probe probe = streams.get(stream);
    first.add(
        new ChaosReport.Wrong(
            probe.from().id(),
            probe.to().id(),
            probe.protocol().toString(),
            probe.port(),
            probe.family().toString(),
            word(arrived),
            Duration.ofNanos(from - start).toMillis(),
            what,
            answer(stream, during.getFirst()),
            answer(stream, during.getLast()),
            during.getLast().change));
  }

  private ChaosReport.Answer answer(int stream, State state) {
    Decision decision = streams.decide(stream, state.scenario);
    return new ChaosReport.Answer(state.number, word(decision.allowed()), Because.of(decision));
  }

  private static String word(boolean allowed) {
    return allowed ? "allowed" : "denied";
  }

  /// Looks for those that do not come any more; to be called again and again.
  ///
  /// @param unseen packets may have arrived that could not be seen
  /// @param all even those that were sent a moment ago
  void look(boolean unseen, boolean all) {
    overflows.look();
    long now = System.nanoTime();
    if (unseen) {
      overflows.add(now);
    }
    Sent sent;
    while ((sent = inOrder.peek()) != null && (all || now - sent.at > PATIENCE)) {
      inOrder.remove();
      if (underWay.remove(sent.key, sent)) {
        requireDenied(sent.stream, sent.at, sent.at + UNDER_WAY, sent.what);
      }
    }
  }

  long packets() {
    return packets.get();
  }

  long wrong() {
    return passed.get() + lost.get();
  }

  /// What was found so far.
  synchronized ChaosReport report(long seed, int changes, Slowest slowest) {
    return new ChaosReport(
        "ringfence.dev/v1",
        "ChaosReport",
        seed,
        changes,
        streams.size(),
        packets.get(),
        passed.get(),
        lost.get(),
        dropped.get(),
        slowest.took().toMillis(),
        slowest.change(),
        first);
  }
}
