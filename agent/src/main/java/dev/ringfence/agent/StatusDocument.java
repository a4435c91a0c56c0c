package dev.ringfence.agent;

import dev.ringfence.agent.NodeAgent.Programmed;
import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.OverBudget;
import dev.ringfence.core.model.ClusterPolicy;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.Policies;
import dev.ringfence.nftables.netlink.NftCounter;
import dev.ringfence.report.AgentStatus;
import dev.ringfence.report.AgentStatus.Budget;
import dev.ringfence.report.AgentStatus.Count;
import dev.ringfence.report.AgentStatus.Followed;
import dev.ringfence.report.AgentStatus.Holds;
import dev.ringfence.report.AgentStatus.InForce;
import dev.ringfence.report.AgentStatus.Input;
import dev.ringfence.report.AgentStatus.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// How an agent stands, put together when somebody asks; on the agent's thread.
record StatusDocument(
    String node, NodeAgent agent, ClusterSource source, Journal journal, AgentOptions options) {
  private static final String DENIED = "denied_";

  AgentStatus now() {
    Optional<Programmed> programmed = agent.programmed();
    Input input = source.input();
    List<String> degraded = degraded(input);
    return new AgentStatus(
        node,
        agent.boot(),
        ProcessHandle.current().pid(),
        options.version(),
        Journal.text(journal.startedAt),
        journal.uptimeSeconds(),
        degraded.isEmpty() ? AgentStatus.HEALTHY : AgentStatus.DEGRADED,
        degraded,
        degraded.isEmpty(),
        agent.generation(),
        journal.appliedAt(),
        programmed.map(this::holds).orElse(Holds.NOTHING),
        budget(programmed.map(Programmed::policy)),
        input,
        table(),
        journal.proof(),
        denied(),
        programmed
            .map(state -> UnguardedPods.of(state.policy(), state.wires(), agent.held()))
            .orElse(List.of()),
        journal.lastError().orElse(null),
        programmed.isPresent() ? policies(agent.policiesInForce()) : List.of());
  }

  private List<String> degraded(Input input) {
    List<String> out = new ArrayList<>();
    if (agent.programmed().isEmpty()) {
      out.add("nothing of this run is in force yet" + missing(input.kinds()));
    }
    out.addAll(journal.degraded());
    out.addAll(agent.notReady());
    return out;
  }

  /// What was not listed yet, and why.
  private static String missing(List<Followed> kinds) {
    List<String> missing = new ArrayList<>();
    for (Followed kind : kinds) {
      if (kind.listedAt() == null) {
        missing.add(kind.kind() + (kind.trouble() == null ? "" : " (" + kind.trouble() + ")"));
      }
    }
    return missing.isEmpty() ? "" : ": not listed yet: " + String.join(", ", missing);
  }

  private Holds holds(Programmed state) {
    KernelSize size = KernelSize.of(agent.held());
    return new Holds(
        state.policy().pods().size(),
        agent.pods(),
        agent.policies(),
        state.policy().groups().size(),
        size.chains(),
        size.rules(),
        size.sets(),
        size.members(),
        size.bytes());
  }

  private Budget budget(Optional<NodePolicy> inForce) {
    return new Budget(
        options.budget().members(),
        inForce.map(NodePolicy::members).orElse(0L),
        (int)
            inForce.stream()
                .flatMap(is -> is.groups().values().stream())
                .filter(one -> one.form() == NodePolicy.Form.UNION)
                .count(),
        agent.overBudget().map(OverBudget::needed).orElse(null));
  }

  private Table table() {
    return new Table(
        agent.owned(),
        options.resync().toMillis() / 1000.0,
        journal.repairs(),
        journal.repaired(),
        journal.lastRepairAt(),
        agent.established().established().toString(),
        agent.established().addresses());
  }

  private SortedMap<String, Count> denied() {
    SortedMap<String, Count> out = new TreeMap<>();
    for (NftCounter.Value counter : agent.denied()) {
      if (counter.name().startsWith(DENIED)) {
        out.put(
            counter.name().substring(DENIED.length()),
            new Count(counter.packets(), counter.bytes()));
      }
    }
    return out;
  }

  private static List<InForce> policies(Policies policies) {
    List<InForce> out = new ArrayList<>();
    for (NetworkPolicy policy : policies.network()) {
      out.add(
          new InForce(
              policy.id(),
              policy.uid().isEmpty() ? null : policy.uid(),
              policy.generation() == 0 ? null : policy.generation()));
    }
    for (ClusterPolicy policy : policies.cluster()) {
      out.add(new InForce(policy.id(), null, null));
    }
    return out;
  }
}
