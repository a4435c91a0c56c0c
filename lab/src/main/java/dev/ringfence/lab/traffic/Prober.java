package dev.ringfence.lab.traffic;

import dev.ringfence.core.model.Address;
import dev.ringfence.lab.netns.Inside;
import dev.ringfence.lab.netns.Instance;
import dev.ringfence.lab.scenario.Probe;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Sends probes, all at once, and sees which arrive inside their destination's namespace.
///
/// A probe that has not arrived is sent anew a few times before that is believed; one that should
/// have arrived gets more time than one that should not.
public final class Prober {
  /// As many as have sockets open at a time.
  private static final int BATCH = 2_000;

  private static final List<Duration> SENDINGS = millis(0, 100, 200);
  private static final Duration END = Duration.ofMillis(320);

  /// Only for what should arrive and has not.
  private static final List<Duration> LATE_SENDINGS = millis(320, 700, 1200);

  private static final Duration LATE_END = Duration.ofSeconds(2);
  private static final int LOOK_EVERY_MILLIS = 4;

  private final Instance instance;
  private final Captures captures;

  public Prober(Instance instance, Captures captures) {
    this.instance = instance;
    this.captures = captures;
  }

  /// Sends the probes and answers which of them arrived, by index.
  ///
  /// @param expected which should arrive; decides only how long to wait
  /// @param progress is told what is being done
  /// @throws Exception if something could not be sent, or the kernel lost what a capture should
  ///   have shown: then nothing is known
  public BitSet reached(List<Probe> probes, BitSet expected, Consumer<String> progress)
      throws Exception {
    BitSet out = new BitSet(probes.size());
    for (int from = 0; from < probes.size(); from += BATCH) {
      progress.accept(
          "sending " + probes.size() + " probes" + (from == 0 ? "" : ", " + from + " are done"));
      int to = Math.min(probes.size(), from + BATCH);
      BitSet some = new Batch(probes.subList(from, to), expected.get(from, to)).run();
      int offset = from;
      some.stream().forEach(i -> out.set(offset + i));
    }
    return out;
  }

  private static List<Duration> millis(int... values) {
    List<Duration> out = new ArrayList<>();
    for (int value : values) {
      out.add(Duration.ofMillis(value));
    }
    return out;
  }

  /// Whose packet it is, wherever it goes.
  private record Source(int protocol, Address address, int port) {
    static Source of(Packet packet) {
      return new Source(packet.protocol(), packet.from(), packet.fromPort());
    }
  }

  /// Probes that are under way together.
  private final class Batch {
    private final List<Probe> probes;
    private final BitSet expected;
    private final BitSet arrived = new BitSet();
    private final Map<Packet, Integer> sent = new HashMap<>();
    private final Map<Source, Integer> throughServices = new HashMap<>();
    private final List<Attempt> open = new ArrayList<>();
    private final Map<Integer, Attempt> attempts = new HashMap<>();

    Batch(List<Probe> probes, BitSet expected) {
      this.probes = probes;
      this.expected = expected;
    }

    BitSet run() throws Exception {
      captures.discard();
      try {
        long start = System.nanoTime();
        rounds(start, SENDINGS, END, all());
        rounds(start, LATE_SENDINGS, LATE_END, expected);
      } finally {
        open.forEach(Attempt::close);
      }
      long lost = captures.lost();
      if (lost > 0) {
        throw new IOException("captures lost " + lost + " packets, so nothing is known");
      }
      return arrived;
    }

    private BitSet all() {
      BitSet out = new BitSet();
      out.set(0, probes.size());
      return out;
    }

    private void rounds(long start, List<Duration> sendings, Duration end, BitSet wanted)
        throws Exception {
      for (Duration sending : sendings) {
        watch(start + sending.toNanos(), wanted);
        send(open(wanted));
      }
      watch(start + end.toNanos(), wanted);
    }

    /// Those of `wanted` that have not arrived.
    private BitSet open(BitSet wanted) {
      BitSet out = (BitSet) wanted.clone();
      out.andNot(arrived);
      return out;
    }

    private void watch(long until, BitSet wanted) throws InterruptedException {
      while (!open(wanted).isEmpty()) {
        captures.drain(this::see);
        if (System.nanoTime() >= until) {
          return;
        }
        Thread.sleep(LOOK_EVERY_MILLIS);
      }
    }

    /// The outside sees what it passes on as well: only the destination counts.
    private void see(String namespace, Packet packet) {
      Integer index = sent.get(packet);
      if (index != null) {
        if (namespace.equals(instance.of(probes.get(index).to()))) {
          arrived.set(index);
        }
        return;
      }
      Integer strayed = throughServices.get(Source.of(packet));
      if (strayed != null
          && !expected.get(strayed)
          && isAnotherBackend(probes.get(strayed), namespace, packet)) {
        arrived.set(strayed);
      }
    }

    /// What a denied probe must not do either: pass by another backend than it was meant for.
    private boolean isAnotherBackend(Probe probe, String namespace, Packet packet) {
      return probe.via().stream()
          .flatMap(way -> way.door().backends().stream())
          .anyMatch(one ->
              one.address().equals(packet.to())
                  && one.port() == packet.toPort()
                  && namespace.equals(instance.of(one.end())));
    }

    private void send(BitSet which) throws Exception {
      Map<String, List<Integer>> bySource = new TreeMap<>();
      which.stream()
          .forEach(i ->
              bySource
                  .computeIfAbsent(instance.of(probes.get(i).from()), key -> new ArrayList<>())
                  .add(i));
      for (Map.Entry<String, List<Integer>> source : bySource.entrySet()) {
        Inside.call(
            source.getKey(),
            () -> {
              for (int index : source.getValue()) {
                send(index);
              }
              return true;
            });
      }
    }

    private void send(int index) throws IOException {
      Attempt last = attempts.get(index);
      if (last != null && last.again()) {
        last.send();
        return;
      }
      Attempt fresh = Attempt.open(probes.get(index));
      open.add(fresh);
      attempts.put(index, fresh);
      sent.put(fresh.packet(), index);
      if (probes.get(index).via().isPresent()) {
        throughServices.put(Source.of(fresh.packet()), index);
      }
      fresh.send();
    }
  }
}
