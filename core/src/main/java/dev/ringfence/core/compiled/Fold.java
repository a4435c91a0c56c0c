package dev.ringfence.core.compiled;

import java.util.List;

/// Tiers folded into one cell: each rule peels its ports off what is still open (S220 to S227,
/// S271).
final class Fold {
  /// What one term says about one peer.
  interface Ports {
    /// Ports that it surely matches.
    PortSet surely(int term);

    /// Ports that it may match: more than surely only for an unknown pod (S28).
    PortSet atMost(int term);
  }

  private final Ports ports;
  private PortSet open = PortSet.ALL;
  private PortSet allowed = PortSet.NONE;
  private PortSet denied = PortSet.NONE;
  private int term;

  private Fold(Ports ports) {
    this.ports = ports;
  }

  /// @param exempt the peer is the subject's own node and opens the connection (S95)
  static Cell of(GroupRules rules, Ports ports, boolean exempt) {
    Fold fold = new Fold(ports);
    fold.tier(rules.admin());
    fold.networkPolicies(rules, exempt);
    fold.tier(rules.baseline());
    return new Cell(fold.allowed, fold.denied);
  }

  private void tier(List<Term> terms) {
    PortSet passed = PortSet.NONE;
    for (Term rule : terms) {
      PortSet sure = open.intersect(ports.surely(term));
      PortSet doubtful = open.intersect(ports.atMost(term)).minus(sure);
      switch (rule.action()) {
        case ACCEPT -> {
          allowed = allowed.union(sure);
          open = open.minus(sure);
        }
        case DENY -> {
          denied = denied.union(sure).union(doubtful);
          open = open.minus(sure).minus(doubtful);
        }
        case PASS -> {
          passed = passed.union(sure);
          denied = denied.union(doubtful);
          open = open.minus(sure).minus(doubtful);
        }
      }
      term++;
    }
    open = open.union(passed);
  }

  private void networkPolicies(GroupRules rules, boolean exempt) {
    if (!rules.isolated()) {
      return;
    }
    PortSet sure = exempt ? PortSet.ALL : PortSet.NONE;
    for (int i = 0; i < rules.allow().size(); i++) {
      sure = sure.union(ports.surely(term));
      term++;
    }
    allowed = allowed.union(open.intersect(sure));
    denied = denied.union(open.minus(sure));
    open = PortSet.NONE;
  }
}
