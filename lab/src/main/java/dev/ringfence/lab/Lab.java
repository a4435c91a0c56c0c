package dev.ringfence.lab;

import dev.ringfence.agent.Provable;
import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.OutsideHost;
import dev.ringfence.core.cluster.Service;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.lab.netns.HostFiles;
import dev.ringfence.lab.netns.Instance;
import dev.ringfence.lab.netns.Leftovers;
import dev.ringfence.lab.netns.Topology;
import dev.ringfence.lab.scenario.Backend;
import dev.ringfence.lab.scenario.End;
import dev.ringfence.lab.scenario.EndNames;
import dev.ringfence.lab.scenario.Probe;
import dev.ringfence.lab.scenario.Scenario;
import dev.ringfence.lab.scenario.ScenarioException;
import dev.ringfence.lab.services.ServiceTables;
import dev.ringfence.lab.traffic.Captures;
import dev.ringfence.lab.traffic.Listeners;
import dev.ringfence.lab.traffic.Prober;
import dev.ringfence.report.LabReport;
import dev.ringfence.report.LabStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.Consumer;

/// A running lab: namespaces, listeners, captures. One thread at a time may use it.
public final class Lab implements AutoCloseable {
  private final Instance instance;
  private final Topology topology;
  private final Listeners listeners;
  private final Captures captures;
  private final LabOptions options;
  private Agents agents;
  private ServiceTables services;
  private HostFiles hostFiles;
  private Scenario scenario;

  /// Namespaces and wires are those of the scenario; else they may be half of this and half of
  /// that.
  private boolean grounded;

  private Lab(Instance instance, Scenario scenario, LabOptions options, Captures captures)
      throws Exception {
    this.instance = instance;
    this.captures = captures;
    this.options = options;
    this.agents = new Agents(instance, options.dataplane());
    this.scenario = scenario;
    this.topology = new Topology(instance, options.network());
    this.services = new ServiceTables(instance);
    this.hostFiles = new HostFiles(instance);
    this.listeners = new Listeners();
  }

  /// Makes everything the scenario needs, after clearing what an earlier lab of this name left.
  ///
  /// @param progress is told what is being done, in words
  /// @throws Exception if anything could not be made; all that was made is cleared then
  public static Lab up(
      Instance instance, Scenario scenario, LabOptions options, Consumer<String> progress)
      throws Exception {
    return up(instance, scenario, options, new Captures(), progress);
  }

  /// As [#up], for somebody who watches the packets: [#probe] sees none.
  public static Lab unwatched(
      Instance instance, Scenario scenario, LabOptions options, Consumer<String> progress)
      throws Exception {
    return up(instance, scenario, options, Captures.none(), progress);
  }

  private static Lab up(
      Instance instance,
      Scenario scenario,
      LabOptions options,
      Captures captures,
      Consumer<String> progress)
      throws Exception {
    Leftovers.clear(instance);
    Lab lab = new Lab(instance, scenario, options, captures);
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
    grounded = true;
    hostFiles.write(scenario);
    progress.accept("programming " + scenario.snapshot().nodes().size() + " nodes");
    agents.apply(scenario.snapshot(), scenario.policies());
    services.apply(scenario);
    progress.accept("opening listeners");
    for (OutsideHost host : scenario.outside()) {
      captures.open(instance.host(host));
    }
    for (Node node : scenario.snapshot().nodes().values()) {
      captures.openNode(instance.node(node.name()), node.addresses());
    }
    for (End.OfPod pod : scenario.pods()) {
      captures.open(instance.pod(pod.pod()));
    }
    listen();
  }

  /// On every port that is declared now, and on the one that nobody declares; of several ends in
  /// one namespace the first has a port.
  private void listen() throws Exception {
    int undeclared = Probe.undeclaredPort(scenario);
    Map<String, Set<Integer>> taken = new HashMap<>();
    for (End end : scenario.ends()) {
      String namespace = instance.of(end);
      SortedSet<Integer> ports = Probe.ports(end, undeclared);
      if (end instanceof End.OfHostPod) {
        Set<Integer> others = taken.computeIfAbsent(namespace, any -> new HashSet<>());
        ports.removeAll(others);
        others.addAll(ports);
      }
      listeners.open(end, namespace, ports);
    }
  }

  public Scenario scenario() {
    return scenario;
  }

  /// Sends these probes and holds what arrived against what the evaluator says.
  ///
  /// @param progress is told what is being done, in words
  /// @throws Exception if something could not be sent or seen, so that nothing is known
  public LabReport probe(List<Probe> probes, Consumer<String> progress) throws Exception {
    Answers answers = Answers.to(scenario, probes);
    BitSet arrived = new Prober(instance, captures).reached(probes, answers.allowed(), progress);
    return answers.report(Optional.of(arrived));
  }

  /// Leads to another scenario: pods come and go, the rest stays as it is; everything is made anew
  /// if nodes or hosts outside differ, or the last time ended in the middle.
  ///
  /// @throws Exception if that cannot be; the next call leads anywhere else all the same
  public void apply(Scenario next) throws Exception {
    Scenario before = scenario;
    scenario = next;
    if (!grounded || !Topology.sameGround(before, next)) {
      grounded = false;
      before.ends().forEach(listeners::close);
      captures.close();
      agents.close();
      agents = new Agents(instance, options.dataplane());
      services = new ServiceTables(instance);
      hostFiles = new HostFiles(instance);
      Leftovers.clear(instance);
      make(step -> {});
      return;
    }
    List<End.OfPod> gone = Topology.missing(before, next);
    List<End.OfPod> fresh = Topology.missing(next, before);
    for (End.OfPod pod : gone) {
      listeners.close(pod);
      captures.close(instance.pod(pod.pod()));
    }
    before.hostPods().stream()
        .filter(pod -> !next.hostPods().contains(pod))
        .forEach(listeners::close);
    grounded = false;
    topology.change(before, next);
    grounded = true;
    // New pods have wires now and nothing that sends; their policy is there before their listeners.
    agents.apply(next.snapshot(), next.policies());
    services.apply(next);
    hostFiles.write(next);
    for (End.OfPod pod : fresh) {
      captures.open(instance.pod(pod.pod()));
    }
    listen();
  }

  /// Puts right what somebody changed in the nodes' tables; answers how much that was.
  public int repair() throws Exception {
    return agents.repair() + services.repair();
  }

  /// What is programmed on a node and, beside each part, why.
  public String describe(String node) throws Exception {
    return agents.describe(node);
  }

  /// A node's tables, to be proved; empty if nothing is in force there.
  public Optional<Provable> provable(String node) throws Exception {
    return agents.provable(node);
  }

  /// The network namespace of a pod by any of its names, of `node/NAME`, or of a host outside.
  public String namespaceOf(String name) {
    if (name.startsWith("node/")) {
      String node = name.substring("node/".length());
      if (!scenario.snapshot().nodes().containsKey(node)) {
        throw new ScenarioException("nobody in the lab is called " + name);
      }
      return instance.node(node);
    }
    return instance.of(new EndNames(scenario).first(name));
  }

  /// What there is.
  ///
  /// @param startedAt when, as text
  /// @param paths of the manifests, as typed
  public LabStatus status(String startedAt, List<String> paths) throws Exception {
    List<LabStatus.NodeStatus> nodes = new ArrayList<>();
    for (Node node : scenario.snapshot().nodes().values()) {
      nodes.add(status(node));
    }
    return new LabStatus(
        instance.name(),
        ProcessHandle.current().pid(),
        startedAt,
        paths,
        options.network().name().toLowerCase(Locale.ROOT),
        scenario.policies().network().size() + scenario.policies().cluster().size(),
        nodes,
        scenario.ends().stream().map(this::status).toList(),
        scenario.snapshot().services().values().stream().map(this::status).toList(),
        scenario.left().stream().map(left -> left.pod().id() + ": " + left.why()).toList());
  }

  private LabStatus.NodeStatus status(Node node) throws Exception {
    Agents.Standing standing = agents.standing(node.name()).orElse(new Agents.Standing(0, 0));
    long pods =
        scenario.pods().stream()
            .filter(pod -> pod.pod().node().filter(node.name()::equals).isPresent())
            .count();
    return new LabStatus.NodeStatus(
        node.name(),
        instance.node(node.name()),
        node.addresses().stream().map(Address::toString).toList(),
        node.podCidrs().stream().map(Cidr::toString).toList(),
        (int) pods,
        standing.generation(),
        standing.unguarded());
  }

  private LabStatus.EndStatus status(End end) {
    String node = end.node().orElse("");
    return new LabStatus.EndStatus(
        end.id(),
        node,
        instance.of(end),
        end.addresses().stream().map(Address::toString).toList(),
        end.ports().stream().map(port -> port.number() + "/" + port.protocol()).toList());
  }

  private LabStatus.ServiceStatus status(Service service) {
    String type =
        service.access().headless()
            ? "headless"
            : service.type()
                + service.access().externalName().map(name -> " of " + name).orElse("");
    return new LabStatus.ServiceStatus(
        service.id(),
        type,
        service.clusterIps().stream().map(Address::toString).toList(),
        service.ports().stream().map(port -> port.port() + "/" + port.protocol()).toList(),
        service.ports().stream()
            .flatMap(port -> port.nodePort().map(number -> number + "/" + port.protocol()).stream())
            .toList(),
        Backend.names(scenario, service));
  }

  /// Ends everything and deletes it.
  @Override
  public void close() throws IOException {
    listeners.close();
    captures.close();
    agents.close();
    Leftovers.clear(instance);
  }
}
