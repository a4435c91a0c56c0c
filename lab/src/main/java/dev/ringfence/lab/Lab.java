package dev.ringfence.lab;

import dev.ringfence.core.cluster.Node;
import dev.ringfence.lab.netns.HostFiles;
import dev.ringfence.lab.netns.Instance;
import dev.ringfence.lab.netns.Leftovers;
import dev.ringfence.lab.netns.Topology;
import dev.ringfence.lab.scenario.End;
import dev.ringfence.lab.scenario.Probe;
import dev.ringfence.lab.scenario.Scenario;
import dev.ringfence.lab.traffic.Captures;
import dev.ringfence.lab.traffic.Listeners;
import dev.ringfence.lab.traffic.Prober;
import dev.ringfence.report.LabReport;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// A running lab: namespaces, listeners, captures. One thread at a time may use it.
public final class Lab implements AutoCloseable {
  private final Instance instance;
  private final Topology topology;
  private final Listeners listeners;
  private final Captures captures = new Captures();
  private Scenario scenario;

  private Lab(Instance instance, Scenario scenario) throws Exception {
    this.instance = instance;
    this.scenario = scenario;
    this.topology = new Topology(instance);
    this.listeners = new Listeners();
  }

  /// Makes everything the scenario needs, after clearing what an earlier lab of this name left.
  ///
  /// @param progress is told what is being done, in words
  /// @throws Exception if anything could not be made; all that was made is cleared then
  public static Lab up(Instance instance, Scenario scenario, Consumer<String> progress)
      throws Exception {
    Leftovers.clear(instance);
    Lab lab = new Lab(instance, scenario);
    try {
      lab.make(progress);
      return lab;
    } catch (Exception failed) {
      lab.close();
      throw failed;
    }
  }

  private void make(Consumer<String> progress) throws Exception {
    progress.accept("creating " + Topology.namespaces(scenario) + " network namespaces");
    topology.build(scenario);
    HostFiles.write(instance, scenario);
    progress.accept("opening listeners");
    captures.open(instance.outside());
    for (Node node : scenario.snapshot().nodes().values()) {
      captures.open(instance.node(node.name()));
    }
    for (End.OfPod pod : scenario.pods()) {
      captures.open(instance.pod(pod.pod()));
    }
    int undeclared = Probe.undeclaredPort(scenario);
    for (End end : scenario.ends()) {
      listeners.open(end, instance.of(end), Probe.ports(end, undeclared));
    }
  }

  public Scenario scenario() {
    return scenario;
  }

  /// Sends these probes and holds what arrived against what the evaluator says.
  ///
  /// @throws Exception if something could not be sent or seen, so that nothing is known
  public LabReport probe(List<Probe> probes) throws Exception {
    Answers answers = Answers.to(scenario, probes);
    BitSet arrived = new Prober(instance, captures).reached(probes, answers.allowed());
    return answers.report(Optional.of(arrived));
  }

  /// Ends everything and deletes it.
  @Override
  public void close() throws IOException {
    listeners.close();
    captures.close();
    Leftovers.clear(instance);
  }
}
