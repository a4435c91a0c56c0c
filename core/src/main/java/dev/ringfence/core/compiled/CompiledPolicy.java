package dev.ringfence.core.compiled;

import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.NetworkPolicy;
import java.util.List;

/// All policies against all that exists, at one generation of a [PolicyEngine].
///
/// Lazy: it works out what is asked, for one pair or one node. Once the engine has taken further
/// changes in, every question throws IllegalStateException.
public final class CompiledPolicy {
  private final PolicyEngine engine;
  private final long generation;

  CompiledPolicy(PolicyEngine engine, long generation) {
    this.engine = engine;
    this.generation = generation;
  }

  /// What one side says about a peer, all tiers folded in; self traffic is not treated specially.
  ///
  /// @param subject any pod, known to the engine or not
  /// @param peer the other end, the destination where the direction is egress
  public Cell cell(Direction direction, Pod subject, Endpoint peer) {
    checkCurrent();
    Applied applied = engine.applied(kind(subject), direction);
    if (applied.rules().isNothing()) {
      return Cell.UNTOUCHED;
    }
    boolean exempt =
        direction == Direction.INGRESS
            && peer instanceof Endpoint.OfNode(String node, var at)
            && subject.node().filter(node::equals).isPresent(); // S95
    return engine.table(applied).cell(peer, pod -> kind(pod.pod()), exempt);
  }

  /// Everything that may pass from one end to another: all, from a pod to itself (S89).
  public PortSet allowed(Endpoint from, Endpoint to) {
    if (from instanceof Endpoint.OfPod(Pod pod, var at)
        && to instanceof Endpoint.OfPod(Pod same, var there)
        && pod.name().equals(same.name())
        && pod.uid().equals(same.uid())) {
      return PortSet.ALL;
    }
    PortSet out = PortSet.ALL;
    if (from instanceof Endpoint.OfPod(Pod pod, var at)) {
      out = out.intersect(cell(Direction.EGRESS, pod, to).open());
    }
    if (to instanceof Endpoint.OfPod(Pod pod, var at)) {
      out = out.intersect(cell(Direction.INGRESS, pod, from).open());
    }
    return out;
  }

  /// The same for many ends at once.
  ///
  /// @param ends pods and nodes; a row knows each by its place here
  public Rows rows(List<Endpoint> ends) {
    checkCurrent();
    return new Rows(this, engine, ends);
  }

  private Kind kind(Pod pod) {
    return engine.inventory().kind(pod);
  }

  /// Port names in a policy that none of the pods they are about declares.
  ///
  /// @param policy one that the engine knows, so that it keeps the labels apart that it asks for
  public List<UndeclaredName> undeclared(NetworkPolicy policy) {
    checkCurrent();
    return new UndeclaredNames(engine.inventory().kinds(), policy).find();
  }

  /// What a node has to enforce. Works only on groups that its own pods belong to.
  ///
  /// The engine keeps the answer up for nodes that are asked again and again, so that asking costs
  /// what changed; see [NodePolicy] for what stays the same object.
  public NodePolicy forNode(String node) {
    checkCurrent();
    return engine.view(node).answer();
  }

  /// Who has which address, and what changed hands with the last changes; nobody, unless the engine
  /// was told to watch ([PolicyEngine#watchingOwners]).
  public Owners owners() {
    checkCurrent();
    return engine.owners();
  }

  void checkCurrent() {
    if (engine.generation() != generation) {
      throw new IllegalStateException(
          "generation " + generation + " is over: " + engine.generation());
    }
  }
}
