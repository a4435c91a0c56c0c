package dev.ringfence.agent;

import dev.ringfence.core.compiled.UndeclaredName;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.ObjectName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Looks for port names that nobody declares in the policies of this node's pods; on the agent's
/// thread, for a millisecond at a time and four times a second at most, as packets wait for nothing
/// of it.
///
/// Such an item matches nothing, which is in force as it is: it is worth a word, not a trouble.
final class PortNames {
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final Duration BETWEEN = Duration.ofMillis(250);
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private final NodeAgent agent;
  private final Hearer hearer;
  private final Deque<NetworkPolicy> left = new ArrayDeque<>();
  private final Set<ObjectName> told = new HashSet<>();
  private boolean stale;
  private long began = System.nanoTime() - PAUSE.toNanos();
  private long looked = began;

  /// Who is told; may be told the same again and again.
  interface Hearer {
    void undeclared(NetworkPolicy policy, String message);

    /// Nothing of that is left, or the policy is gone.
    void declared(ObjectName policy);
  }

  PortNames(NodeAgent agent, Hearer hearer) {
    this.agent = agent;
    this.hearer = hearer;
  }

  /// Pods or policies are other ones now.
  void changed() {
    stale = true;
  }

  void look() {
    long now = System.nanoTime();
    if (now - looked < BETWEEN.toNanos()) {
      return;
    }
    looked = now;
    if (left.isEmpty() && stale && now - began > PAUSE.toNanos()) {
      stale = false;
      began = now;
      left.addAll(agent.namingPorts());
      Set<ObjectName> there =
          left.stream().map(NetworkPolicy::name).collect(Collectors.toUnmodifiableSet());
      List.copyOf(told).stream().filter(name -> !there.contains(name)).forEach(this::over);
    }
    while (!left.isEmpty() && System.nanoTime() - now < AT_ONCE.toNanos()) {
      look(left.remove());
    }
  }

  private void look(NetworkPolicy policy) {
    List<String> sentences = new ArrayList<>();
    for (UndeclaredName one : agent.undeclared(policy)) {
      sentences.add(one.sentence());
    }
    if (sentences.isEmpty()) {
      over(policy.name());
    } else {
      told.add(policy.name());
      hearer.undeclared(policy, String.join("; ", sentences));
    }
  }

  private void over(ObjectName policy) {
    if (told.remove(policy)) {
      hearer.declared(policy);
    }
  }
}
