package dev.ringfence.lab.chaos;

import dev.ringfence.core.model.Address;
import dev.ringfence.lab.netns.Instance;
import dev.ringfence.lab.scenario.End;
import dev.ringfence.lab.scenario.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// A sender and an eye in the namespace of every end that has one.
final class Traffic implements AutoCloseable {
  /// Packets a second, all senders together: two processors keep up with it.
  private static final int RATE = 1_200;

  private final Instance instance;
  private final Streams streams;
  private final Ledger ledger;
  private final Duration pause;
  private final Watch watch;
  private final Map<String, Sender> senders = new TreeMap<>();

  Traffic(Instance instance, Streams streams, Ledger ledger, Scenario scenario) throws Exception {
    this.instance = instance;
    this.streams = streams;
    this.ledger = ledger;
    this.watch = new Watch(ledger);
    List<End> ends = ends(scenario);
    this.pause = Duration.ofSeconds(1).dividedBy(RATE).multipliedBy(ends.size());
    try {
      for (End end : ends) {
        watch.open(instance.of(end));
      }
      for (End end : ends) {
        start(end);
      }
    } catch (Exception failed) {
      close();
      throw failed;
    }
  }

  private static List<End> ends(Scenario scenario) {
    return scenario.ends().stream().filter(end -> !(end instanceof End.OfHostPod)).toList();
  }

  private void start(End end) throws Exception {
    List<Integer> own = new ArrayList<>();
    end.addresses().forEach(address -> own.addAll(streams.from(address)));
    senders.put(instance.of(end), new Sender(instance.of(end), streams, own, ledger, pause));
  }

  /// Leaves the namespaces of those who have these addresses.
  void leave(Scenario scenario, Set<Address> addresses) {
    for (End end : owners(scenario, addresses)) {
      Sender sender = senders.remove(instance.of(end));
      if (sender != null) {
        sender.close();
      }
      watch.close(instance.of(end));
    }
  }

  /// Enters the namespaces of those who have these addresses now.
  void enter(Scenario scenario, Set<Address> addresses) throws Exception {
    for (End end : owners(scenario, addresses)) {
      watch.open(instance.of(end));
      start(end);
    }
  }

  private static List<End> owners(Scenario scenario, Set<Address> addresses) {
    return ends(scenario).stream()
        .filter(end -> end.addresses().stream().anyMatch(addresses::contains))
        .toList();
  }

  void requireAlive() {
    watch.requireAlive();
  }

  /// Sends nothing more; waits for what is under way.
  @Override
  public void close() {
    RuntimeException failed = null;
    for (Sender sender : senders.values()) {
      try {
        sender.close();
      } catch (RuntimeException broken) {
        failed = broken;
      }
    }
    senders.clear();
    try {
      Thread.sleep(Ledger.SETTLED);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    watch.close();
    if (failed != null) {
      throw failed;
    }
  }
}
