package dev.ringfence.core.answer;

import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.Policies;

/// The decision procedure of semantics.md section 4, read almost line by line. Slow and obvious.
///
/// Takes time in proportion to policies and their rules, for each flow; never fails. It says which
/// rule decided; the compiled policy, which is fast, must agree with it on every flow.
public final class Evaluator {
  private final Policies policies;
  private final Snapshot now;
  private final Reading ours;

  public Evaluator(Policies policies, Snapshot now, EvaluatorOptions options) {
    this.policies = policies;
    this.now = now;
    this.ours = Reading.ours(options);
  }

  public Evaluator(Policies policies, Snapshot now) {
    this(policies, now, EvaluatorOptions.DEFAULT);
  }

  /// `decide` of section 4.3. A flow whose ends are no pods is allowed: nothing is about it (S3).
  public Decision decide(Flow flow) {
    if (toItself(flow) && !flow.viaService()) { // S89, S226
      return Decision.of(Side.plain(Code.SELF), Side.plain(Code.SELF), Certainty.DEFINED);
    }
    Side egress = Procedure.side(policies, now, ours, flow, Direction.EGRESS);
    Side ingress = Procedure.side(policies, now, ours, flow, Direction.INGRESS);
    return Decision.of(egress, ingress, certainty(flow, egress.allowed() && ingress.allowed()));
  }

  private Certainty certainty(Flow flow, boolean verdict) {
    boolean same =
        ours.neighbours(policies).stream().allMatch(reading -> verdict == allowed(reading, flow));
    boolean leadsOut = flow.viaService() && flow.to() instanceof Endpoint.Outside; // S107
    return same && !leadsOut ? Certainty.DEFINED : Certainty.IMPLEMENTATION;
  }

  private boolean allowed(Reading reading, Flow flow) {
    return Procedure.side(policies, now, reading, flow, Direction.EGRESS).allowed()
        && Procedure.side(policies, now, reading, flow, Direction.INGRESS).allowed();
  }

  /// Whether both ends are one pod.
  static boolean toItself(Flow flow) {
    return flow.from() instanceof Endpoint.OfPod(var from, var at)
        && flow.to() instanceof Endpoint.OfPod(var to, var there)
        && from.name().equals(to.name())
        && from.uid().equals(to.uid());
  }
}
