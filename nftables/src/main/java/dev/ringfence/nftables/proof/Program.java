package dev.ringfence.nftables.proof;

import dev.ringfence.nftables.netlink.NftChain;
import dev.ringfence.nftables.netlink.NftRule;
import dev.ringfence.nftables.netlink.Verdict;
import dev.ringfence.nftables.table.ChainContent;
import dev.ringfence.nftables.table.TableContent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// The chains that can be reached from some base chains, ready to be run.
final class Program {
  private final Traffic traffic;
  private final TableContent table;
  private final JoinedKeys.All joined = new JoinedKeys.All();
  private final Map<String, List<CompiledRule>> chains = new HashMap<>();

  Program(Traffic traffic, TableContent table, List<ChainContent> bases) {
    this.traffic = traffic;
    this.table = table;
    bases.forEach(base -> compile(base.chain().name()));
  }

  /// The base chains of some hooks, in the order in which packets enter them.
  static List<ChainContent> bases(TableContent table, Predicate<NftChain.Base> some) {
    return table.chains().values().stream()
        .filter(chain -> chain.chain().base().filter(some).isPresent())
        .sorted(
            Comparator.comparingInt(
                    (ChainContent chain) -> chain.chain().base().orElseThrow().priority())
                .thenComparing(chain -> chain.chain().name()))
        .toList();
  }

  private void compile(String chain) {
    if (chains.containsKey(chain)) {
      return;
    }
    List<CompiledRule> rules = new ArrayList<>();
    chains.put(chain, rules);
    ChainContent content = table.chains().get(chain);
    List<NftRule> written = content == null ? List.of() : content.rules();
    for (int i = 0; i < written.size(); i++) {
      rules.add(RuleCompiler.of(new RuleAt(written.get(i), i + 1), traffic, table, joined));
    }
    rules.removeIf(CompiledRule::isIdle);
    rules.stream()
        .flatMap(rule -> rule.verdicts().stream())
        .map(Verdict::target)
        .forEach(target -> target.ifPresent(this::compile));
  }

  /// Its rules, but for those that can do nothing to a packet.
  List<CompiledRule> rules(String chain) {
    return chains.getOrDefault(chain, List.of());
  }
}
