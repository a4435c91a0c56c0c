package dev.ringfence.nftables.proof;

import dev.ringfence.nftables.netlink.Verdict;
import dev.ringfence.nftables.proof.Region.Step;
import dev.ringfence.nftables.table.ChainContent;
import java.util.ArrayList;
import java.util.List;

/// Runs a table on sets of packets, as the kernel would on each of them.
final class Walk {
  /// More chains in a row than the kernel lets a packet jump through.
  private static final int DEEPEST = 64;

  private final Program program;
  private final Field situation;
  private final Outcomes outcomes;

  /// Takes what becomes of packets. Where a rule matches only sometimes, the same packet may come
  /// out both ways.
  interface Outcomes {
    void passes(Region region);

    void drops(Region region);

    /// The connections of these are marked as accepted.
    void remembers(Region region);

    /// What these packets meet here cannot be interpreted.
    void unreadable(CompiledRule rule, String what, Region region);
  }

  Walk(Program program, Traffic traffic, Outcomes outcomes) {
    this.program = program;
    this.situation = traffic.space().situation();
    this.outcomes = outcomes;
  }

  /// Packets that enter all of these base chains, one after another.
  void run(List<ChainContent> bases, Region packets) {
    List<Region> alive = List.of(packets);
    for (ChainContent base : bases) {
      List<Region> accepted = new ArrayList<>();
      for (Region region : alive) {
        List<Region> back = run(base.chain().name(), region, accepted, 0);
        boolean accepts = base.chain().base().orElseThrow().accepts();
        if (accepts) {
          accepted.addAll(back);
        } else {
          back.forEach(outcomes::drops);
        }
      }
      alive = accepted;
    }
    alive.forEach(outcomes::passes);
  }

  /// @return what comes back from the chain
  private List<Region> run(String chain, Region packets, List<Region> accepted, int depth) {
    if (depth > DEEPEST) {
      throw new IllegalStateException("chains without end at " + chain);
    }
    List<Region> back = new ArrayList<>();
    List<Region> alive = List.of(packets);
    for (CompiledRule rule : program.rules(chain)) {
      List<Region> next = new ArrayList<>();
      for (Region region : alive) {
        for (Region matched : matched(rule, region, next)) {
          judge(rule, matched, new Ways(accepted, back, next, depth));
        }
      }
      alive = next;
    }
    back.addAll(alive);
    return back;
  }

  /// Where packets go on.
  private record Ways(List<Region> accepted, List<Region> back, List<Region> next, int depth) {}

  private List<Region> matched(CompiledRule rule, Region region, List<Region> others) {
    List<Region> matched = List.of(region);
    for (Test test : rule.tests()) {
      List<Region> still = new ArrayList<>();
      for (Region one : matched) {
        test.split(situation, one, new Shared(rule, still, others));
      }
      matched = still;
    }
    return matched;
  }

  /// Packets of which a rule cannot be interpreted are reported, and go on as if it were not there.
  private final class Shared implements Test.Shares {
    private final CompiledRule rule;
    private final List<Region> matched;
    private final List<Region> others;

    Shared(CompiledRule rule, List<Region> matched, List<Region> others) {
      this.rule = rule;
      this.matched = matched;
      this.others = others;
    }

    @Override
    public void meets(Region region) {
      matched.add(region);
    }

    @Override
    public void fails(Region region) {
      others.add(region);
    }

    @Override
    public void unreadable(String what, Region region) {
      outcomes.unreadable(rule, what, region);
      others.add(region);
    }
  }

  private void judge(CompiledRule rule, Region region, Ways ways) {
    if (rule.unreadable().isPresent()) {
      outcomes.unreadable(rule, rule.unreadable().get(), region);
      ways.next().add(region);
      return;
    }
    if (rule.sometimes()) {
      ways.next().add(region);
    }
    switch (rule.ending()) {
      case CompiledRule.Ending.Nothing() -> ways.next().add(region);
      case CompiledRule.Ending.Remember() -> {
        Region remembered = region.after(rule.at());
        outcomes.remembers(remembered);
        ways.next().add(remembered);
      }
      case CompiledRule.Ending.Always(var verdict) ->
          follow(verdict, region.after(rule.at()), ways);
      case CompiledRule.Ending.ByMap(var map) ->
          map.split(
              situation,
              region,
              (verdict, hit) -> follow(verdict, hit.after(rule.at()), ways),
              ways.next()::add);
    }
  }

  private void follow(Verdict verdict, Region region, Ways ways) {
    switch (verdict) {
      case Verdict.Accept() -> ways.accepted().add(region);
      case Verdict.Drop() -> outcomes.drops(region);
      case Verdict.Continue() -> ways.next().add(region);
      case Verdict.Return() -> ways.back().add(region);
      case Verdict.Jump(var chain) ->
          ways.next().addAll(run(chain, region, ways.accepted(), ways.depth() + 1));
      case Verdict.Goto(var chain) ->
          ways.back().addAll(run(chain, region, ways.accepted(), ways.depth() + 1));
    }
  }

  /// The rule that decided: the last that set a condition or chose a chain.
  static java.util.Optional<RuleAt> decider(Region region) {
    Step step = region.trail();
    while (step != null && isEnd(step.rule())) {
      step = step.before();
    }
    return java.util.Optional.ofNullable(step).map(Step::rule);
  }

  /// Whether a rule marked the connection.
  static boolean isRemembered(Region region) {
    for (Step step = region.trail(); step != null; step = step.before()) {
      if (isMark(step.rule())) {
        return true;
      }
    }
    return false;
  }

  static boolean isMark(RuleAt at) {
    return at.rule().expressions().getLast()
        instanceof dev.ringfence.nftables.netlink.Expression.Tell;
  }

  /// A bare verdict, as at the end of a chain that all denied packets come to.
  private static boolean isEnd(RuleAt at) {
    return at.rule().expressions().size() == 1
        && !(at.rule().expressions().getFirst()
                instanceof dev.ringfence.nftables.netlink.Expression.Judge(var verdict)
            && verdict.target().isPresent());
  }
}
