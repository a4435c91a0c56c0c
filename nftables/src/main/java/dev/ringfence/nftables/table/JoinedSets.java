package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.AddressSet;
import dev.ringfence.core.compiled.NodePolicy.PeerSet;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.KeyType;
import dev.ringfence.nftables.netlink.NftSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The sets of peers and ports that are looked up together, and what they become where peers came
/// or went, at the cost of those.
final class JoinedSets {
  private final TableContent before;
  private final Renderings renderings;
  private final IdentityHashMap<Profiles.Together, Map<Integer, AddressSet>> changed =
      new IdentityHashMap<>();

  JoinedSets(TableContent before, Renderings renderings) {
    this.before = before;
    this.renderings = renderings;
  }

  /// A set of `address . protocol . port`.
  static SetContent allowed(Profiles.Together together, PeerPorts members) {
    List<KeyType> key = List.of(KeyType.of(together.family()), KeyType.PROTOCOL, KeyType.PORT);
    String comment = "%d sets of peers".formatted(together.admissions().size());
    int room = SetContent.roomFor(members.count());
    return new SetContent(NftSet.hash(Names.POLICY, together.name(), key, room, comment), members);
  }

  /// A set of all their addresses.
  static SetContent known(String name, Family family, AddressSet peers) {
    Members members = new Members.Addresses(family, peers);
    int room = SetContent.roomFor(members.count());
    String comment = "peers whom no address block judges";
    return new SetContent(
        NftSet.hash(Names.POLICY, name, KeyType.of(family), room, comment), members);
  }

  /// A set of peers is another now.
  void changed(String id, @Nullable PeerSet peers) {
    if (peers != null) {
      for (Renderings.Use use : renderings.uses(id)) {
        changed
            .computeIfAbsent(use.together(), t -> new HashMap<>())
            .put(use.at(), peers.members());
      }
    }
  }

  /// Those that are to be other ones.
  List<SetContent> sets() {
    List<SetContent> out = new ArrayList<>();
    changed.forEach((together, places) -> {
      SetContent had = Objects.requireNonNull(before.sets().get(together.name()));
      PeerPorts was = (PeerPorts) had.members();
      out.add(had.with(was.with(places)));
      together
          .known()
          .map(name -> Objects.requireNonNull(before.sets().get(name)))
          .ifPresent(known -> out.add(known.with(peers(known, was, places))));
    });
    return out;
  }

  /// First those that went, since they may have come elsewhere.
  private static Members peers(SetContent known, PeerPorts was, Map<Integer, AddressSet> places) {
    Members.Addresses had = (Members.Addresses) known.members();
    AddressSet now = had.among();
    for (Map.Entry<Integer, AddressSet> one : places.entrySet()) {
      AddressSet earlier = was.all().get(one.getKey()).peers();
      for (Iterator<Address> gone = earlier.missingFrom(one.getValue()); gone.hasNext(); ) {
        now = now.without(gone.next());
      }
    }
    for (Map.Entry<Integer, AddressSet> one : places.entrySet()) {
      AddressSet earlier = was.all().get(one.getKey()).peers();
      for (Iterator<Address> come = one.getValue().missingFrom(earlier); come.hasNext(); ) {
        now = now.with(come.next());
      }
    }
    return new Members.Addresses(had.family(), now);
  }
}
