package dev.ringfence.nftables.proof;

import dev.ringfence.nftables.proof.ProofReport.Difference;
import dev.ringfence.nftables.proof.Reading.Judged;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Holds each outcome of the table against what the policy says.
final class Findings {
  /// So many examples are enough.
  static final int MOST = 50;

  private final List<Difference> differences = new ArrayList<>();
  private final Set<List<Object>> seen = new HashSet<>();
  private final Set<String> unproved = new LinkedHashSet<>();
  private long regions;
  private long differing;

  /// Takes the outcomes of one walk.
  Walk.Outcomes against(Reading reading, Traffic traffic) {
    return new Walk.Outcomes() {
      @Override
      public void passes(Region region) {
        compare(region, true, reading, traffic);
      }

      @Override
      public void drops(Region region) {
        compare(region, false, reading, traffic);
      }

      @Override
      public void remembers(Region region) {
        for (Judged one : reading.memorable(region)) {
          if (!one.pass()) {
            differing++;
            note(
                new Judged(one.packets(), false, () -> "not to be remembered: " + one.why().get()),
                true,
                traffic);
          }
        }
      }

      @Override
      public void unreadable(CompiledRule rule, String what, Region region) {
        unproved(rule.at() + " has " + what);
      }
    };
  }

  void unproved(String what) {
    unproved.add(what);
  }

  private void compare(Region region, boolean passes, Reading reading, Traffic traffic) {
    for (Judged one : reading.of(region)) {
      regions++;
      if (one.pass() != passes) {
        differing++;
        note(one, passes, traffic);
      } else if (passes && !Walk.isRemembered(one.packets())) {
        for (Region forgotten : reading.toRemember(one.packets())) {
          differing++;
          note(new Judged(forgotten, true, () -> "accepted, and to be remembered"), true, traffic);
        }
      }
    }
  }

  private void note(Judged judged, boolean passes, Traffic traffic) {
    if (differences.size() >= MOST) {
      return;
    }
    Optional<ProofReport.Rule> rule = Walk.decider(judged.packets()).map(ProofReport.Rule::of);
    String why = judged.why().get();
    if (seen.add(List.of(passes, rule, why))) {
      differences.add(new Difference(traffic.sample(judged.packets()), passes, rule, why));
    }
  }

  ProofReport report(int groups, int classes, int intervals, long millis) {
    return new ProofReport(
        groups, classes, intervals, regions, differing, differences, List.copyOf(unproved), millis);
  }
}
