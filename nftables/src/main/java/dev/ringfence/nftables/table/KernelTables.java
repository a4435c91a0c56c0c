package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.AddressSet;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.KeyType;
import dev.ringfence.nftables.netlink.NetlinkSocket;
import dev.ringfence.nftables.netlink.NftChain;
import dev.ringfence.nftables.netlink.NftCounter;
import dev.ringfence.nftables.netlink.NftDump;
import dev.ringfence.nftables.netlink.NftElement;
import dev.ringfence.nftables.netlink.NftRule;
import dev.ringfence.nftables.netlink.NftSet;
import dev.ringfence.nftables.netlink.NftTable;
import dev.ringfence.nftables.netlink.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Reads our tables out of the kernel, as they are.
final class KernelTables {
  private static final int ATTEMPTS = 20;

  private final NftDump dump;

  KernelTables(NetlinkSocket socket) {
    this.dump = new NftDump(socket);
  }

  /// What is there of our two tables, each consistent in itself.
  Read read() {
    return new Read(table(Names.POLICY), table(Names.GUARD));
  }

  /// The number of the whole ruleset, everybody's tables included; each transaction counts it up.
  int generation() {
    return dump.generation();
  }

  /// Which tables of ours are there under their other names.
  List<TableName> covers() {
    return dump.tables().stream().map(NftTable::name).filter(Cover.names()::contains).toList();
  }

  List<NftCounter.Value> counters() {
    return dump.counters(Names.POLICY);
  }

  /// Either may be missing.
  record Read(Optional<TableContent> policy, Optional<TableContent> guard) {
    /// Both, if they are there and of our layout.
    Optional<NodeTable> ours() {
      return policy.filter(Read::isOurs).isPresent() && guard.filter(Read::isOurs).isPresent()
          ? Optional.of(new NodeTable(policy.get(), guard.get()))
          : Optional.empty();
    }

    List<TableName> names() {
      return Stream.of(policy, guard).flatMap(Optional::stream).map(t -> t.table().name()).toList();
    }

    private static boolean isOurs(TableContent table) {
      return table.table().comment().equals(NodeTable.LAYOUT);
    }
  }

  /// Retries while anybody changes anything; the last look counts on a very busy node.
  private Optional<TableContent> table(TableName name) {
    for (int attempt = 1; ; attempt++) {
      int before = dump.generation();
      Optional<TableContent> content = dump.table(name).map(this::readable);
      if (dump.generation() == before || attempt == ATTEMPTS) {
        return content;
      }
    }
  }

  /// A table that holds what we have no words for says that it is of no layout of ours.
  private TableContent readable(NftTable table) {
    try {
      return content(table);
    } catch (IllegalArgumentException unreadable) {
      return TableContent.empty(NftTable.plain(table.name(), unreadable.toString()));
    }
  }

  private TableContent content(NftTable table) {
    Map<String, List<NftRule>> rules = new HashMap<>();
    for (NftRule one : dump.rules(table.name())) {
      rules.computeIfAbsent(one.chain(), c -> new ArrayList<>()).add(one);
    }
    List<ChainContent> chains = new ArrayList<>();
    for (NftChain chain : dump.chains(table.name())) {
      chains.add(new ChainContent(chain, rules.getOrDefault(chain.name(), List.of())));
    }
    List<SetContent> sets = new ArrayList<>();
    for (NftSet set : dump.sets(table.name())) {
      sets.add(new SetContent(set, members(set, dump.elements(set))));
    }
    List<String> counters =
        dump.counters(table.name()).stream().map(NftCounter.Value::name).toList();
    return TableContent.of(table, chains, sets, counters);
  }

  private static Members members(NftSet set, List<NftElement> elements) {
    Optional<Family> family = plainAddresses(set);
    if (family.isEmpty()) {
      return new Members.Listed(Set.copyOf(elements));
    }
    List<Address> addresses = new ArrayList<>(elements.size());
    elements.forEach(one -> addresses.add(Address.ofBytes(one.key().toArray())));
    return new Members.Addresses(family.get(), AddressSet.of(addresses));
  }

  private static Optional<Family> plainAddresses(NftSet set) {
    if (set.interval() || set.data().isPresent()) {
      return Optional.empty();
    }
    return set.key().equals(List.of(KeyType.IPV4))
        ? Optional.of(Family.IPV4)
        : set.key().equals(List.of(KeyType.IPV6)) ? Optional.of(Family.IPV6) : Optional.empty();
  }
}
