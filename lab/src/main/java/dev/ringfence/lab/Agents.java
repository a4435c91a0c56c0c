package dev.ringfence.lab;

import dev.ringfence.agent.NodeAgent;
import dev.ringfence.agent.Provable;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.Policies;
import dev.ringfence.lab.netns.Instance;
import dev.ringfence.lab.netns.PinnedThread;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.report.AgentLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Future;

/// The node agents of a lab, each on a thread that stays inside its node.
final class Agents implements AutoCloseable {
  private final Instance instance;
  private final DataplaneOptions options;
  private final SortedMap<String, Node> nodes = new TreeMap<>();

  /// One node's agent; only its thread may touch it.
  private record Node(PinnedThread thread, NodeAgent agent) {}

  Agents(Instance instance, DataplaneOptions options) {
    this.instance = instance;
    this.options = options;
  }

  /// Programs every node of the snapshot, all at the same time.
  ///
  /// @return a line for each node, in the order of their names
  /// @throws Exception if one could not be programmed; it keeps what it had
  List<AgentLine> apply(Snapshot snapshot, Policies policies) throws Exception {
    List<Future<AgentLine>> all = new ArrayList<>();
    for (String name : snapshot.nodes().keySet()) {
      Node node = node(name);
      all.add(node.thread.submit(() -> node.agent.apply(snapshot, policies)));
    }
    List<AgentLine> out = new ArrayList<>();
    for (Future<AgentLine> one : all) {
      out.add(PinnedThread.await(one));
    }
    return out;
  }

  private Node node(String name) throws Exception {
    Node known = nodes.get(name);
    if (known != null) {
      return known;
    }
    PinnedThread thread = PinnedThread.in(instance.node(name));
    try {
      Node made = new Node(thread, thread.call(() -> NodeAgent.open(name, options)));
      nodes.put(name, made);
      return made;
    } catch (Exception failed) {
      thread.close();
      throw failed;
    }
  }

  /// Reads every node back and puts right what differs; answers how much did.
  int repair() throws Exception {
    int repaired = 0;
    for (Node node : nodes.values()) {
      repaired += node.thread.call(node.agent::repair);
    }
    return repaired;
  }

  /// What is programmed on a node and, beside each part, why.
  String describe(String name) throws Exception {
    Node node = node(name);
    return node.thread.call(node.agent::describe);
  }

  /// A node's tables, to be proved; empty if nothing is in force there.
  Optional<Provable> provable(String name) throws Exception {
    Node node = node(name);
    return node.thread.call(node.agent::provable);
  }

  /// Generation and unguarded pods of a node; empty if it has no agent.
  Optional<Standing> standing(String name) throws Exception {
    Node node = nodes.get(name);
    return node == null
        ? Optional.empty()
        : Optional.of(
            node.thread.call(() -> new Standing(node.agent.generation(), node.agent.unguarded())));
  }

  /// How a node's table stands.
  record Standing(long generation, int unguarded) {}

  /// Ends all agents; their rules stay.
  @Override
  public void close() {
    for (Node node : nodes.values()) {
      try {
        node.thread.call(() -> {
          node.agent.close();
          return true;
        });
      } catch (Exception failed) {
        throw new IllegalStateException("agent", failed);
      } finally {
        node.thread.close();
      }
    }
    nodes.clear();
  }
}
