package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.NodePolicy.Group;
import dev.ringfence.core.compiled.NodePolicy.LocalPod;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.Expression;
import dev.ringfence.nftables.netlink.KernelRefused;
import dev.ringfence.nftables.netlink.NftChain;
import dev.ringfence.nftables.netlink.NftObject;
import dev.ringfence.nftables.netlink.NftRule;
import dev.ringfence.nftables.netlink.NftSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Which policies and pods a part of our tables is there for: what people can change about it.
final class Origin {
  private final NodePolicy policy;
  private final Wires wires;
  private final TableContent table;
  private final Set<String> found = new TreeSet<>();

  private Origin(NodePolicy policy, Wires wires, TableContent table) {
    this.policy = policy;
    this.wires = wires;
    this.table = table;
  }

  /// @param table the one that was to be
  static List<String> of(
      NodePolicy policy, Wires wires, TableContent table, KernelRefused refused) {
    Origin origin = new Origin(policy, wires, table);
    refused.object().ifPresent(object -> origin.add(object, refused.key()));
    return List.copyOf(origin.found);
  }

  private void add(NftObject object, Optional<Bytes> key) {
    switch (object) {
      case NftChain chain when chain.table().equals(Names.GUARD) -> guard(chain.name());
      case NftRule rule when rule.table().equals(Names.GUARD) -> guard(rule.chain());
      case NftChain chain -> chain(chain.name());
      case NftRule rule -> chain(rule.chain());
      case NftSet set -> set(set, key);
      default -> {}
    }
  }

  private void guard(String chain) {
    wires
        .byPod()
        .forEach((pod, wire) -> {
          String name = wire.interfaceName();
          if (chain.equals(Names.guard(name)) || chain.equals(Names.delivery(name))) {
            found.add("pod/" + pod);
          }
        });
  }

  /// A group's own chain, or one that groups' chains go on to.
  private void chain(String name) {
    for (Group group : policy.groups().values()) {
      for (String own : chainsOf(group)) {
        if (own.equals(name) || leadsTo(own, name)) {
          found.addAll(group.policies());
        }
      }
    }
  }

  private static List<String> chainsOf(Group group) {
    List<String> out = new ArrayList<>();
    for (Family family : Family.values()) {
      for (Orientation orientation : Orientation.values()) {
        out.add(Names.group(group.direction(), group.id(), family, orientation));
      }
    }
    return out;
  }

  private boolean leadsTo(String from, String to) {
    ChainContent chain = table.chains().get(from);
    return chain != null
        && chain.rules().stream()
            .flatMap(rule -> rule.expressions().stream())
            .anyMatch(one ->
                one instanceof Expression.Judge(var verdict)
                    && verdict.target().filter(to::equals).isPresent());
  }

  private void set(NftSet set, Optional<Bytes> key) {
    if (set.data().isPresent()) {
      key.ifPresent(address -> pods(Address.ofBytes(address.toArray())));
      return;
    }
    Set<String> only = Set.of(set.name());
    table
        .chains()
        .forEach((name, chain) -> {
          if (chain.usesAny(only)) {
            chain(name);
          }
        });
  }

  private void pods(Address address) {
    for (LocalPod pod : policy.pods()) {
      if (pod.addresses().contains(address)) {
        found.add("pod/" + pod.name());
      }
    }
  }
}
