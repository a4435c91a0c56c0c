package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.NodePolicy.LocalPod;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.KeyType;
import dev.ringfence.nftables.netlink.NftElement;
import dev.ringfence.nftables.netlink.NftSet;
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

/// The small maps from this node's isolated pods to the chains of their groups, and the sets of
/// those pods; all of it follows from the list of pods.
final class Dispatch {
  private final List<LocalPod> pods;
  private final Set<Family> families = EnumSet.noneOf(Family.class);
  private final Map<String, Set<Family>> groups = new HashMap<>();
  private final Map<String, Set<NftElement>> maps = new HashMap<>();
  private final Map<Family, Set<Address>> isolated = new HashMap<>();
  private final List<SetContent> sets = new ArrayList<>();

  Dispatch(List<LocalPod> pods) {
    this.pods = List.copyOf(pods);
    for (LocalPod pod : pods) {
      for (Address address : pod.addresses()) {
        families.add(address.family());
        pod.ingress().ifPresent(group -> add(address, Direction.INGRESS, group));
        pod.egress().ifPresent(group -> add(address, Direction.EGRESS, group));
      }
    }
    families.forEach(this::declare);
  }

  boolean isOf(List<LocalPod> others) {
    return pods.equals(others);
  }

  /// Families that any pod has, isolated or not.
  Set<Family> families() {
    return families;
  }

  /// By group: the families of its pods here.
  Map<String, Set<Family>> groups() {
    return groups;
  }

  List<SetContent> sets() {
    return sets;
  }

  private void add(Address address, Direction direction, String group) {
    Family family = address.family();
    groups.computeIfAbsent(group, g -> EnumSet.noneOf(Family.class)).add(family);
    isolated.computeIfAbsent(family, f -> new HashSet<>()).add(address);
    for (Orientation orientation : Orientation.values()) {
      maps.computeIfAbsent(Names.dispatch(direction, family, orientation), n -> new HashSet<>())
          .add(
              NftElement.of(
                  Bytes.copyOf(address.bytes()),
                  new Verdict.Jump(Names.group(direction, group, family, orientation))));
    }
  }

  private void declare(Family family) {
    KeyType key = KeyType.of(family);
    Members.Addresses members =
        Members.Addresses.of(family, Set.copyOf(isolated.getOrDefault(family, Set.of())));
    sets.add(
        new SetContent(
            NftSet.hash(
                Names.POLICY,
                Names.isolated(family),
                key,
                SetContent.roomFor(members.count()),
                "local pods that a policy isolates"),
            members));
    for (Direction direction : Direction.values()) {
      for (Orientation orientation : Orientation.values()) {
        String name = Names.dispatch(direction, family, orientation);
        Set<NftElement> elements = maps.getOrDefault(name, Set.of());
        NftSet map =
            new NftSet(
                Names.POLICY,
                name,
                List.of(key),
                false,
                Optional.of(new NftSet.Data.Verdicts()),
                OptionalInt.of(SetContent.roomFor(elements.size())),
                "");
        sets.add(new SetContent(map, new Members.Listed(elements)));
      }
    }
  }
}
