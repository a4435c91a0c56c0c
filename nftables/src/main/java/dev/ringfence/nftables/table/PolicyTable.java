package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.Layered;
import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.NodePolicy.Admission;
import dev.ringfence.core.compiled.NodePolicy.Group;
import dev.ringfence.core.compiled.NodePolicy.PeerSet;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.KeyType;
import dev.ringfence.nftables.netlink.NftElement;
import dev.ringfence.nftables.netlink.NftSet;
import dev.ringfence.nftables.netlink.NftTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The table `inet ringfence` of one node: small maps from its pods' addresses to the chains of
/// their groups, and plain sets of peers that all groups share.
final class PolicyTable {
  private static final Set<String> COUNTERS =
      Set.of(
          Names.denied(Names.deny(Direction.INGRESS)),
          Names.denied(Names.deny(Direction.EGRESS)),
          Names.denied(Names.DENY_UNSURE));

  private static final NftSet GENERATION =
      NftSet.hash(Names.POLICY, Names.GENERATION, KeyType.MARK, 2, "what is in force");

  private final NodePolicy policy;
  private final TableContent before;
  private final Map<String, ChainContent> chains;
  private final Map<String, SetContent> sets = new HashMap<>();

  private PolicyTable(NodePolicy policy, TableContent before, Map<String, ChainContent> chains) {
    this.policy = policy;
    this.before = before;
    this.chains = chains;
  }

  /// Everything that the policy comes to.
  ///
  /// @param memory of connections that are kept; empty where none are
  /// @param before what was programmed last: what did not change is taken from it as it is, and
  ///   sets that did change keep their room
  static TableContent of(
      NftTable table,
      NodePolicy policy,
      Optional<Memory> memory,
      DataplaneOptions options,
      long generation,
      TableContent before,
      Renderings renderings) {
    PolicyTable builder = new PolicyTable(policy, before, new HashMap<>());
    Dispatch dispatch = renderings.of(policy.pods());
    renderings.base(dispatch.families(), options).forEach(builder::put);
    Joining joining = new Joining(policy, before);
    new TreeMap<>(dispatch.groups())
        .forEach((id, families) -> builder.group(id, families, joining, renderings));
    renderings.forgetOtherGroups();
    dispatch.sets().forEach(builder::put);
    memory.ifPresent(one -> builder.remember(one, dispatch));
    builder.generation(generation);
    return new TableContent(table, builder.chains, builder.sets, COUNTERS);
  }

  /// The same where only members changed: no chain is another, and no other set. Empty where so
  /// many came that sets have to be looked up another way.
  ///
  /// @param before what `earlier` came to
  /// @param moved whether pods of this node changed, and with them the maps that lead to groups
  static Optional<TableContent> members(
      NodePolicy earlier,
      NodePolicy policy,
      Optional<Memory> memory,
      long generation,
      TableContent before,
      Dispatch dispatch,
      boolean moved,
      Renderings renderings) {
    PolicyTable builder = new PolicyTable(policy, before, Map.of());
    JoinedSets joined = new JoinedSets(before, renderings);
    for (String id : policy.sets().changedSince(earlier.sets()).changed()) {
      for (Family family : dispatch.families()) {
        builder.peersAnew(id, family, renderings);
      }
      joined.changed(id, policy.sets().get(id));
    }
    List<SetContent> others = joined.sets();
    others.forEach(one -> builder.sets.put(one.set().name(), one));
    if (moved) {
      dispatch.sets().forEach(builder::put);
    }
    memory.ifPresent(one -> builder.remember(one, dispatch));
    builder.generation(generation);
    Layered<SetContent> after = before.sets().with(builder.sets);
    return !others.isEmpty() && Joining.isTooMuch(after, renderings)
        ? Optional.empty()
        : Optional.of(before.withSets(after));
  }

  /// What did not change is taken as it was.
  private void remember(Memory memory, Dispatch dispatch) {
    memory
        .sets(dispatch.addresses())
        .forEach((name, set) -> {
          SetContent had = before.sets().get(name);
          if (had != null && had.members().equals(set.members())) {
            sets.put(name, had);
          } else {
            put(set);
          }
        });
  }

  private void group(String id, Set<Family> families, Joining joining, Renderings renderings) {
    Group group = policy.groups().get(id);
    if (group == null) {
      throw new IllegalArgumentException("a pod of the unknown group " + id);
    }
    for (Family family : families) {
      Profiles profiles = joining.of(group, family);
      Renderings.Rendering rendering = renderings.of(group, family, profiles);
      rendering.chains().forEach(this::put);
      rendering.sets().forEach(this::put);
      profiles.apart().forEach(admission -> peers(admission, family));
      profiles.together().ifPresent(together -> together(together, joining));
    }
  }

  private void together(Profiles.Together together, Joining joining) {
    PeerPorts members = joining.members(together);
    SetContent had = before.sets().get(together.name());
    boolean untouched = had != null && members.isUntouched(had.members());
    if (had != null && untouched) {
      sets.put(together.name(), had);
    } else {
      put(JoinedSets.allowed(together, members));
    }
    if (together.known().isPresent()) {
      String name = together.known().get();
      SetContent hadKnown = before.sets().get(name);
      if (hadKnown != null && untouched) {
        sets.put(name, hadKnown);
      } else {
        put(JoinedSets.known(name, together.family(), members.peers()));
      }
    }
  }

  private void peers(Admission admission, Family family) {
    String name = Names.peers(admission.setId(), family);
    if (sets.containsKey(name)) {
      return;
    }
    PeerSet peers = policy.sets().get(admission.setId());
    if (peers == null) {
      throw new IllegalArgumentException("an admission of the unknown set " + admission);
    }
    SetContent had = before.sets().get(name);
    if (had != null && isUntouched(had, peers)) {
      sets.put(name, had);
      return;
    }
    Members.Addresses members = new Members.Addresses(family, peers.members());
    put(
        new SetContent(
            NftSet.hash(
                Names.POLICY,
                name,
                KeyType.of(family),
                SetContent.roomFor(members.count()),
                peers.meaning()),
            members));
  }

  /// Other members for a set that is there; nothing where no rule asks for this family of it.
  private void peersAnew(String id, Family family, Renderings renderings) {
    String name = renderings.peers(id, family);
    SetContent had = before.sets().get(name);
    PeerSet peers = policy.sets().get(id);
    if (had != null && peers != null && !isUntouched(had, peers)) {
      sets.put(name, had.with(new Members.Addresses(family, peers.members())));
    }
  }

  @SuppressWarnings("ReferenceEquality") // the engine publishes a set anew only after a change
  private static boolean isUntouched(SetContent had, PeerSet peers) {
    return had.members() instanceof Members.Addresses(_, var among) && among == peers.members();
  }

  /// Which generation this is: a set of one number that no rule looks into.
  private void generation(long generation) {
    Bytes number = Bytes.ofNativeInt((int) generation);
    put(new SetContent(GENERATION, new Members.Listed(Set.of(NftElement.of(number)))));
  }

  private void put(ChainContent chain) {
    chains.put(chain.chain().name(), chain);
  }

  private void put(SetContent set) {
    SetContent had = before.sets().get(set.set().name());
    sets.put(set.set().name(), had == null ? set : set.keepingRoomOf(had));
  }
}
