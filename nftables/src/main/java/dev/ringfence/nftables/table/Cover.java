package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.Layered;
import dev.ringfence.nftables.netlink.NftChain;
import dev.ringfence.nftables.netlink.NftRule;
import dev.ringfence.nftables.netlink.NftSet;
import dev.ringfence.nftables.netlink.NftTable;
import dev.ringfence.nftables.netlink.TableName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The same tables under other names, which are in force while ours are taken away and made anew.
///
/// A packet that meets two tables passes if both let it, so at no moment there is less than one
/// whole policy; and no table comes into force before its sets are filled.
final class Cover {
  private static final String SUFFIX = "_cover";

  private Cover() {}

  static List<TableName> names() {
    return List.of(under(Names.POLICY), under(Names.GUARD));
  }

  static NodeTable of(NodeTable table) {
    return new NodeTable(of(table.policy()), of(table.guard()));
  }

  /// What can be put ready without a packet meeting it.
  static NodeTable unhooked(NodeTable table) {
    return new NodeTable(unhooked(table.policy()), unhooked(table.guard()));
  }

  private static TableName under(TableName name) {
    return new TableName(name.family(), name.name() + SUFFIX);
  }

  private static TableContent of(TableContent content) {
    TableName name = under(content.table().name());
    Map<String, ChainContent> chains = new HashMap<>();
    content.chains().forEach((chain, one) -> chains.put(chain, of(name, one)));
    Map<String, SetContent> sets = new HashMap<>();
    content.sets().forEach((set, one) -> sets.put(set, of(name, one)));
    return new TableContent(
        NftTable.plain(name, content.table().comment()), chains, sets, content.counters());
  }

  private static ChainContent of(TableName table, ChainContent content) {
    NftChain chain = new NftChain(table, content.chain().name(), content.chain().base());
    List<NftRule> rules =
        content.rules().stream()
            .map(rule -> new NftRule(table, rule.chain(), rule.expressions(), rule.comment()))
            .toList();
    return new ChainContent(chain, rules);
  }

  private static SetContent of(TableName table, SetContent content) {
    NftSet set = content.set();
    return new SetContent(
        new NftSet(
            table, set.name(), set.key(), set.interval(), set.data(), set.size(), set.comment()),
        content.members());
  }

  private static TableContent unhooked(TableContent content) {
    List<String> hooked =
        content.chains().values().stream()
            .filter(chain -> chain.chain().base().isPresent())
            .map(chain -> chain.chain().name())
            .toList();
    Layered<ChainContent> rest = content.chains().with(Map.of(), hooked);
    return new TableContent(content.table(), rest, content.sets(), content.counters());
  }
}
