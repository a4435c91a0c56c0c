package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.AddressSet;
import dev.ringfence.core.compiled.Owners;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.KeyType;
import dev.ringfence.nftables.netlink.NftSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whose accepted connections are to be believed: a part of the table, so that it changes with it
/// and outlives the agent.
///
/// @param owners who had which address when the table came into force, as [Owners] writes it
/// @param anew addresses that have changed hands; marks of their connections may be another's
record Memory(AddressSet owners, AddressSet anew) {
  /// What follows from what the kernel remembers, and from who has which address now.
  ///
  /// @param ours what it should remember, which somebody may have changed by hand
  static Memory after(TableContent held, Optional<Memory> ours, Owners now) {
    AddressSet before = addresses(held, Names.OWNERS);
    AddressSet anew = of(held).anew();
    for (Address one : ours.map(Memory::anew).orElse(AddressSet.EMPTY)) {
      anew = anew.with(one);
    }
    for (Map.Entry<Address, Optional<Address>> moved : now.moved().entrySet()) {
      boolean sameAsEver = moved.getValue().filter(before::contains).isPresent();
      anew = sameAsEver ? anew : anew.with(moved.getKey());
    }
    return new Memory(now.all(), anew);
  }

  /// What the kernel remembers.
  static Memory of(TableContent held) {
    AddressSet anew = addresses(held, Names.anew(Family.IPV4));
    for (Address one : addresses(held, Names.anew(Family.IPV6))) {
      anew = one.family() == Family.IPV6 ? anew.with(one) : anew;
    }
    return new Memory(addresses(held, Names.OWNERS), anew);
  }

  private static AddressSet addresses(TableContent held, String name) {
    SetContent set = held.sets().get(name);
    return set != null && set.members() instanceof Members.Addresses(_, var among)
        ? among
        : AddressSet.EMPTY;
  }

  /// Once the marks of the connections of these have been seen to.
  Memory settled(AddressSet these) {
    AddressSet left = anew;
    for (Address one : these) {
      left = left.without(one);
    }
    return new Memory(owners, left);
  }

  /// @param pods addresses of this node's pods
  Map<String, SetContent> sets(AddressSet pods) {
    Map<String, SetContent> out = new HashMap<>();
    List<SetContent> all = new ArrayList<>();
    all.add(set(Names.OWNERS, Family.IPV6, owners, "who has which address, as fingerprints"));
    for (Family family : Family.values()) {
      all.add(set(Names.anew(family), family, anew, "have changed hands: judged anew"));
      all.add(set(Names.pods(family), family, pods, "pods of this node"));
    }
    all.forEach(one -> out.put(one.set().name(), one));
    return out;
  }

  private static SetContent set(String name, Family family, AddressSet among, String comment) {
    Members.Addresses members = new Members.Addresses(family, among);
    NftSet set =
        NftSet.hash(
            Names.POLICY, name, KeyType.of(family), SetContent.roomFor(members.count()), comment);
    return new SetContent(set, members);
  }
}
