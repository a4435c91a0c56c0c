package dev.ringfence.agent;

import dev.ringfence.agent.AgentLog.Level;
import dev.ringfence.core.compiled.OverBudget;
import dev.ringfence.core.manifest.LiveKind;
import dev.ringfence.core.manifest.Problem;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.kubernetes.ClusterEvents;
import dev.ringfence.kubernetes.ClusterEvents.About;
import dev.ringfence.kubernetes.Notice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is said about objects that cannot be enforced as they are written, in Events and in the
/// log; on the agent's thread.
final class EnforcementWords implements PortNames.Hearer {
  private static final String UNREADABLE = "CannotBeEnforced";
  private static final String PORT_NAME = "PortNameNotDeclared";
  private static final String OVER_BUDGET = "OverMemberBudget";

  /// The same words from every node, so that it is one Event.
  private static final String TOO_MANY_PEERS =
      "needs more members of peer sets than some node may hold (--member-budget), which keeps what it"
          + " had; the Event on the node says how many";

  private final About node;
  private final Optional<ClusterEvents> events;
  private final AgentLog log;
  private boolean overBudget;
  private List<NetworkPolicy> blamed = List.of();
  private final Map<ObjectName, String> portNames = new HashMap<>();

  /// @param events empty to write none
  EnforcementWords(String node, Optional<ClusterEvents> events, AgentLog log) {
    this.node = new About("v1", "Node", "", node, node); // kubelet's uid for its own node, too
    this.events = events;
    this.log = log;
  }

  /// Says what is wrong with an object, or that nothing is any more.
  ///
  /// @return a line for each problem
  List<String> of(Notice notice) {
    String rest =
        notice.inForce() || notice.problems().isEmpty()
            ? ""
            : " (its last good version, if any, stays in force)";
    List<String> lines = new ArrayList<>();
    for (Problem problem : notice.problems()) {
      lines.add(problem + rest);
      if (problem.isError()) {
        log.say(Level.ERROR, "input-refused", problem + rest);
      } else {
        log.say(Level.WARNING, "input-warning", problem + rest);
      }
    }
    About about = about(notice);
    events.ifPresent(to -> {
      if (lines.isEmpty()) {
        to.over(about, UNREADABLE);
      } else {
        to.warn(about, UNREADABLE, String.join("; ", lines));
      }
    });
    return lines;
  }

  /// On the node when it begins, and on the policies that need most.
  void ofBudget(NodeAgent agent) {
    Optional<OverBudget> over = agent.overBudget();
    List<NetworkPolicy> now =
        over.stream()
            .flatMap(refused -> refused.policies().stream())
            .flatMap(id -> agent.policy(id).stream())
            .toList();
    events.ifPresent(to -> {
      if (over.isEmpty()) {
        to.over(node, OVER_BUDGET);
      } else if (!overBudget) {
        to.warn(node, OVER_BUDGET, "the node keeps what it had: " + over.get().getMessage());
      }
      blamed.stream()
          .filter(policy -> !now.contains(policy))
          .forEach(policy -> to.over(about(policy), OVER_BUDGET));
      now.forEach(policy -> to.warn(about(policy), OVER_BUDGET, TOO_MANY_PEERS));
    });
    overBudget = over.isPresent();
    blamed = now;
  }

  @Override
  public void undeclared(NetworkPolicy policy, String message) {
    if (!message.equals(portNames.put(policy.name(), message))) {
      log.say(Level.WARNING, "port-name", "warning: " + policy.id() + " " + message);
    }
    events.ifPresent(to -> to.warn(about(policy), PORT_NAME, message));
  }

  @Override
  public void declared(ObjectName policy) {
    portNames.remove(policy);
    events.ifPresent(to -> to.over(about(policy, ""), PORT_NAME));
  }

  private static About about(Notice notice) {
    return notice.kind() == LiveKind.NETWORK_POLICY
        ? about(notice.name(), notice.uid())
        : new About(
            "v1",
            notice.kind().toString(),
            notice.name().namespace(),
            notice.name().name(),
            notice.uid());
  }

  private static About about(NetworkPolicy policy) {
    return about(policy.name(), policy.uid());
  }

  private static About about(ObjectName policy, String uid) {
    return new About(
        "networking.k8s.io/v1", "NetworkPolicy", policy.namespace(), policy.name(), uid);
  }
}
