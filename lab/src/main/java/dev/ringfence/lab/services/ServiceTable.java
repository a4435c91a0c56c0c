package dev.ringfence.lab.services;

import dev.ringfence.core.cluster.Node;
import dev.ringfence.lab.scenario.Door;
import dev.ringfence.lab.scenario.Scenario;
import dev.ringfence.nftables.netlink.Batch;
import dev.ringfence.nftables.netlink.NftChain;
import dev.ringfence.nftables.netlink.NftDump;
import dev.ringfence.nftables.netlink.NftElement;
import dev.ringfence.nftables.netlink.NftFamily;
import dev.ringfence.nftables.netlink.NftRule;
import dev.ringfence.nftables.netlink.NftSet;
import dev.ringfence.nftables.netlink.NftTable;
import dev.ringfence.nftables.netlink.TableName;
import java.util.List;

/// Everything in one node's Service table.
record ServiceTable(List<Listed> sets, List<NftChain> chains, List<NftRule> rules) {
  static final TableName NAME = new TableName(NftFamily.INET, "rf-services");

  /// A set or map with its elements.
  record Listed(NftSet set, List<NftElement> elements) {
    Listed {
      elements = List.copyOf(elements);
    }
  }

  ServiceTable {
    sets = List.copyOf(sets);
    chains = List.copyOf(chains);
    rules = List.copyOf(rules);
  }

  /// The table of this node.
  static ServiceTable of(Node node, List<Door> doors, Scenario scenario) {
    ServiceRules rules = new ServiceRules(node);
    doors.stream()
        .filter(door -> door.node().isEmpty() || door.node().get().equals(node))
        .forEach(rules::door);
    scenario.pods().stream()
        .filter(pod -> pod.node().filter(node.name()::equals).isPresent())
        .forEach(pod -> rules.ownPod(pod.addresses()));
    return rules.table();
  }

  /// The transaction that puts it in place, whether there is one already or not.
  Batch batch() {
    Batch out = new Batch();
    out.add(NftTable.plain(NAME, ""));
    out.deleteTable(NAME);
    out.add(NftTable.plain(NAME, "Services of a ringfence lab"));
    sets.forEach(one -> out.add(one.set()));
    chains.forEach(out::add);
    sets.forEach(one -> out.addElements(one.set(), one.elements()));
    rules.forEach(out::add);
    return out;
  }

  /// Whether the kernel holds as much of everything: what somebody took away is missed, what
  /// somebody only turned into something else is not.
  boolean isThere(NftDump kernel) {
    try {
      return hasAll(kernel);
    } catch (IllegalArgumentException unreadable) {
      return false; // it holds what is none of ours
    }
  }

  private boolean hasAll(NftDump kernel) {
    return kernel.table(NAME).isPresent()
        && kernel.chains(NAME).size() == chains.size()
        && kernel.rules(NAME).size() == rules.size()
        && kernel.sets(NAME).size() == sets.size()
        && sets.stream()
            .allMatch(one -> kernel.elements(one.set()).size() == one.elements().size());
  }
}
