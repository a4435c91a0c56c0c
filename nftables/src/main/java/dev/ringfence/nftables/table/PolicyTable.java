package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.NodePolicy.Admission;
import dev.ringfence.core.compiled.NodePolicy.Group;
import dev.ringfence.core.compiled.NodePolicy.LocalPod;
import dev.ringfence.core.compiled.NodePolicy.PeerSet;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.KeyType;
import dev.ringfence.nftables.netlink.NftElement;
import dev.ringfence.nftables.netlink.NftSet;
import dev.ringfence.nftables.netlink.NftTable;
import dev.ringfence.nftables.netlink.Verdict;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// The table `inet ringfence` of one node: small maps from its pods' addresses to the chains of
/// their groups, and plain sets of peers that all groups share.
final class PolicyTable {
  private final NodePolicy policy;
  private final TableContent before;
  private final Set<Family> families = EnumSet.noneOf(Family.class);
  private final Map<String, Set<Family>> groupFamilies = new HashMap<>();
  private final Map<String, Set<NftElement>> dispatch = new HashMap<>();
  private final Map<Family, Set<Address>> isolated = new HashMap<>();
  private final GroupChains groups = new GroupChains();
  private final Map<String, SetContent> sets = new HashMap<>();

  private PolicyTable(NodePolicy policy, TableContent before) {
    this.policy = policy;
    this.before = before;
  }

  /// Everything that the policy comes to.
  ///
  /// @param before what was programmed last: sets that did not change are taken from it as they are
  static TableContent of(
      NftTable table,
      NodePolicy policy,
      DataplaneOptions options,
      long generation,
      TableContent before) {
    PolicyTable builder = new PolicyTable(policy, before);
    builder.pods();
    builder.groups();
    builder.dispatchSets();
    builder.generation(generation);
    List<ChainContent> chains = new ArrayList<>(new BaseChains(builder.families, options).chains());
    chains.addAll(builder.groups.chains());
    List<SetContent> sets = new ArrayList<>(builder.groups.sets());
    sets.addAll(builder.sets.values());
    List<String> counters =
        List.of(
            Names.denied(Names.deny(Direction.INGRESS)),
            Names.denied(Names.deny(Direction.EGRESS)),
            Names.denied(Names.DENY_UNSURE));
    return TableContent.of(table, chains, sets, counters).keepingRoomOf(before);
  }

  private void pods() {
    for (LocalPod pod : policy.pods()) {
      for (Address address : pod.addresses()) {
        families.add(address.family());
        pod(address, Direction.INGRESS, pod.ingress());
        pod(address, Direction.EGRESS, pod.egress());
      }
    }
  }

  private void pod(Address address, Direction direction, Optional<String> group) {
    if (group.isEmpty()) {
      return;
    }
    Family family = address.family();
    String id = group.get();
    groupFamilies.computeIfAbsent(id, i -> EnumSet.noneOf(Family.class)).add(family);
    isolated.computeIfAbsent(family, f -> new HashSet<>()).add(address);
    for (Orientation orientation : Orientation.values()) {
      dispatch
          .computeIfAbsent(Names.dispatch(direction, family, orientation), n -> new HashSet<>())
          .add(
              NftElement.of(
                  Bytes.copyOf(address.bytes()),
                  new Verdict.Jump(Names.group(direction, id, family, orientation))));
    }
  }

  private void groups() {
    groupFamilies.forEach((id, of) -> {
      Group group = policy.groups().get(id);
      if (group == null) {
        throw new IllegalArgumentException("a pod of the unknown group " + id);
      }
      for (Family family : of) {
        for (Orientation orientation : Orientation.values()) {
          groups.add(group, family, orientation);
        }
        group.pods().forEach(admission -> peers(admission, family));
      }
    });
  }

  private void peers(Admission admission, Family family) {
    PeerSet peers = policy.sets().get(admission.setId());
    if (peers == null) {
      throw new IllegalArgumentException("an admission of the unknown set " + admission);
    }
    String name = Names.peers(peers.id(), family);
    sets.computeIfAbsent(name, n -> addresses(n, family, peers.members(), peers.meaning()));
  }

  @SuppressWarnings("ReferenceEquality") // the shortcut for a set that nobody touched
  private SetContent addresses(String name, Family family, Set<Address> members, String meaning) {
    SetContent had = before.sets().get(name);
    if (had != null
        && had.members() instanceof Members.Addresses(_, var among, _)
        && among == members) {
      return had;
    }
    Members.Addresses content = Members.Addresses.of(family, members);
    return new SetContent(
        NftSet.hash(Names.POLICY, name, key(family), SetContent.roomFor(content.count()), meaning),
        content);
  }

  private void dispatchSets() {
    for (Family family : families) {
      String name = Names.isolated(family);
      Set<Address> members = Set.copyOf(isolated.getOrDefault(family, Set.of()));
      sets.put(name, addresses(name, family, members, "local pods that a policy isolates"));
      for (Direction direction : Direction.values()) {
        for (Orientation orientation : Orientation.values()) {
          dispatchSet(Names.dispatch(direction, family, orientation), family);
        }
      }
    }
  }

  private void dispatchSet(String name, Family family) {
    Set<NftElement> elements = dispatch.getOrDefault(name, Set.of());
    NftSet map =
        new NftSet(
            Names.POLICY,
            name,
            List.of(key(family)),
            false,
            Optional.of(new NftSet.Data.Verdicts()),
            OptionalInt.of(SetContent.roomFor(elements.size())),
            "");
    sets.put(name, new SetContent(map, new Members.Listed(elements)));
  }

  /// Which generation this is: a set of one number that no rule looks into.
  private void generation(long generation) {
    NftSet set = NftSet.hash(Names.POLICY, Names.GENERATION, KeyType.MARK, 2, "what is in force");
    sets.put(
        Names.GENERATION,
        new SetContent(
            set, new Members.Listed(Set.of(NftElement.of(Bytes.ofNativeInt((int) generation))))));
  }

  private static KeyType key(Family family) {
    return family == Family.IPV4 ? KeyType.IPV4 : KeyType.IPV6;
  }
}
