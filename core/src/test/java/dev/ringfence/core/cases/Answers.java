package dev.ringfence.core.cases;

import dev.ringfence.core.answer.Decision;
import dev.ringfence.core.answer.Evaluator;
import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.compiled.CompiledPolicy;
import dev.ringfence.core.compiled.PolicyEngine;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.Policies;

/// What evaluator and compiled policy say, each direction for itself; they must agree.
public final class Answers {
  private final Evaluator evaluator;
  private final CompiledPolicy compiled;

  public Answers(Policies policies, Snapshot now) {
    this(policies, now, PolicyEngine.compile(policies, now));
  }

  public Answers(Policies policies, Snapshot now, CompiledPolicy compiled) {
    this.evaluator = new Evaluator(policies, now);
    this.compiled = compiled;
  }

  /// Whether both directions allow it.
  ///
  /// @throws AssertionError if they differ in a direction
  public boolean allowed(Flow flow) {
    Decision decision = decision(flow);
    if (decision.egress().allowed() != opens(Direction.EGRESS, flow)
        || decision.ingress().allowed() != opens(Direction.INGRESS, flow)) {
      throw new AssertionError("the compiled policy differs on " + flow + " from " + decision);
    }
    return decision.allowed();
  }

  public Decision decision(Flow flow) {
    return evaluator.decide(flow);
  }

  private boolean opens(Direction direction, Flow flow) {
    boolean out = direction == Direction.EGRESS;
    Endpoint peer = out ? flow.to() : flow.from();
    return !((out ? flow.from() : flow.to()) instanceof Endpoint.OfPod(Pod subject, var at))
        || (flow.from().equals(flow.to()) && !flow.viaService())
        || compiled.cell(direction, subject, peer).open().contains(flow.protocol(), flow.port());
  }
}
