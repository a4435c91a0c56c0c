package dev.ringfence.lab.control;

import dev.ringfence.core.manifest.LabSettings;
import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.lab.Lab;
import dev.ringfence.lab.api.store.Key;
import dev.ringfence.lab.cluster.Cluster;
import dev.ringfence.lab.cluster.HeldBack;
import dev.ringfence.lab.cluster.Observed;
import dev.ringfence.lab.scenario.Assigned;
import dev.ringfence.lab.scenario.Scenario;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Brings about what the lab's API holds, as far as it can be: an object that cannot stays as it
/// last could, is told so by an Event, and holds up nobody else.
///
/// Only the lab's thread may use it.
final class Reconciler {
  private final Cluster cluster;
  private final LabFolder folder;
  private final HeldBack held;
  private final Lab lab;
  private Observed inForce;
  private Scenario scenario;

  /// How often another state came in force.
  private long changes;

  /// The last change may have been brought about in part only.
  private boolean half;

  private Reconciler(
      Cluster cluster,
      LabFolder folder,
      HeldBack held,
      Observed first,
      Scenario scenario,
      Lab lab) {
    this.cluster = cluster;
    this.folder = folder;
    this.held = held;
    this.inForce = first;
    this.scenario = scenario;
    this.lab = lab;
  }

  /// How a lab is made of its first scenario.
  interface Making {
    Lab of(Scenario scenario) throws Exception;
  }

  /// Makes the lab of what the API holds, but for what it could not be made of last time.
  ///
  /// @throws Exception if it cannot be made
  static Reconciler first(Cluster cluster, LabFolder folder, Making making) throws Exception {
    HeldBack held = new HeldBack(folder.held());
    Assigned before = folder.assigned();
    cluster.nodes(scenario(held.insteadOf(cluster.observe(before)), before));
    cluster.steps();
    Observed first = held.insteadOf(cluster.observe(before));
    Scenario scenario = scenario(first, before);
    folder.assigned(scenario.assigned());
    return new Reconciler(cluster, folder, held, first, scenario, making.of(scenario));
  }

  private static Scenario scenario(Observed observed, Assigned remembered) {
    Loaded loaded = observed.read();
    int nodes = loaded.lab().map(LabSettings::nodes).orElse(LabSettings.DEFAULT_NODES);
    return Scenario.of(loaded.snapshot(), loaded.policies(), loaded.outside(), nodes, remembered);
  }

  Lab lab() {
    return lab;
  }

  /// Brings about what is wanted now: what is gone first, then what workloads make in its place.
  ///
  /// @param again tries once more what could not be brought about before, though nothing changed
  /// @return whether anything is different now
  /// @throws Exception if what stood cannot be had back either
  boolean run(boolean again) throws Exception {
    try {
      boolean changed = false;
      do {
        cluster.evict();
        changed |= round(again);
        cluster.brought(scenario);
      } while (cluster.step());
      return changed;
    } catch (Exception lost) {
      cluster.failed(LabException.words(lost));
      throw lost;
    }
  }

  /// What is not in force and why, a line each.
  List<String> complaints() {
    List<String> out = new ArrayList<>();
    held.reasons().forEach((key, why) -> out.add(key + ": " + why));
    return out;
  }

  private boolean round(boolean again) throws Exception {
    long before = changes;
    Observed wanted = cluster.observe(scenario.assigned());
    List<Key> differing = wanted.since(inForce);
    List<Key> tried = differing.stream().filter(key -> held.has(key, wanted)).toList();
    List<Key> fresh = differing.stream().filter(key -> !tried.contains(key)).toList();
    if (half) {
      restore();
    }
    if (!fresh.isEmpty() && attempt(with(fresh, wanted)).isPresent()) {
      asManyAsCanBe(fresh, wanted);
    }
    if (again || !fresh.isEmpty()) {
      oneByOne(tried, wanted);
    }
    held.keep(wanted.since(inForce));
    cluster.reached(wanted.revision(), held.reasons());
    return changes > before;
  }

  private Observed with(List<Key> keys, Observed wanted) {
    Observed out = inForce;
    for (Key key : keys) {
      out = out.with(key, wanted);
    }
    return out;
  }

  /// Those that can be laid out, at once; one by one only where something else refuses them.
  private void asManyAsCanBe(List<Key> keys, Observed wanted) throws Exception {
    Map<Key, String> impossible = impossible(keys, wanted);
    List<Key> rest = keys.stream().filter(key -> !impossible.containsKey(key)).toList();
    if (impossible.isEmpty() || attempt(with(rest, wanted)).isPresent()) {
      oneByOne(rest, wanted);
    }
    for (Map.Entry<Key, String> one : impossible.entrySet()) {
      hold(one.getKey(), wanted, one.getValue());
    }
  }

  /// Which cannot be laid out beside what is in force and those before them, and why.
  private Map<Key, String> impossible(List<Key> keys, Observed wanted) {
    Map<Key, String> out = new LinkedHashMap<>();
    Observed possible = inForce;
    for (Key key : keys) {
      Observed next = possible.with(key, wanted);
      try {
        scenario(next, scenario.assigned());
        possible = next;
      } catch (RuntimeException impossible) {
        out.put(key, LabException.words(impossible));
      }
    }
    return out;
  }

  private void oneByOne(List<Key> keys, Observed wanted) throws Exception {
    for (Key key : keys) {
      Optional<String> refused = attempt(with(List.of(key), wanted));
      if (refused.isPresent()) {
        hold(key, wanted, refused.get());
      }
    }
  }

  private void hold(Key key, Observed wanted, String why) throws IOException {
    if (held.hold(key, wanted, inForce, why)) {
      cluster.complain(key, wanted, inForce, why);
    }
  }

  /// Leads to another state, or stays with this one.
  ///
  /// @return why it cannot be, if it cannot
  /// @throws Exception if this one cannot be had back either
  private Optional<String> attempt(Observed next) throws Exception {
    Scenario wanted;
    try {
      wanted = scenario(next, scenario.assigned());
    } catch (RuntimeException impossible) {
      return Optional.of(LabException.words(impossible));
    }
    if (!sameState(scenario, wanted)) {
      half = true;
      try {
        lab.apply(wanted);
      } catch (InterruptedException ending) {
        throw ending;
      } catch (Exception refused) {
        restore();
        return Optional.of(LabException.words(refused));
      }
      half = false;
      scenario = wanted;
      changes++;
      folder.assigned(wanted.assigned());
    }
    inForce = next;
    return Optional.empty();
  }

  private void restore() throws Exception {
    lab.apply(scenario);
    half = false;
  }

  private static boolean sameState(Scenario one, Scenario other) {
    return one.policies().equals(other.policies())
        && one.outside().equals(other.outside())
        && one.snapshot().namespaces().equals(other.snapshot().namespaces())
        && one.snapshot().nodes().equals(other.snapshot().nodes())
        && one.snapshot().pods().equals(other.snapshot().pods())
        && one.snapshot().services().equals(other.snapshot().services());
  }
}
