package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.AddressSet;
import dev.ringfence.core.compiled.NodePolicy.LocalPod;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.nftables.netlink.KeyType;
import dev.ringfence.nftables.netlink.NftSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;

/// The small maps from this node's isolated pods to the chains of their groups, and the sets of
/// those pods; all of it follows from the list of pods. Immutable.
final class Dispatch {
  static final Dispatch NONE =
      new Dispatch(List.of(), Map.of(), AddressSet.EMPTY, AddressSet.EMPTY, Optional.empty());

  private static final Set<Family> FOUR = Set.of(Family.IPV4);
  private static final Set<Family> SIX = Set.of(Family.IPV6);
  private static final Set<Family> BOTH = Collections.unmodifiableSet(EnumSet.allOf(Family.class));

  private final List<LocalPod> pods;
  private final Map<ObjectName, LocalPod> byName;
  private final AddressSet isolated;
  private final AddressSet addresses;
  private final Optional<Step> step;
  private final Object version = new Object();
  private final Set<Family> families = EnumSet.noneOf(Family.class);
  private final Map<String, Set<Family>> groups = new HashMap<>();
  private final List<SetContent> sets = new ArrayList<>();

  /// What led here.
  ///
  /// @param from the version it led from; not that itself, which would never be forgotten
  /// @param gone pods that went or were otherwise
  /// @param come pods that came or are otherwise now
  record Step(Object from, List<LocalPod> gone, List<LocalPod> come) {}

  private Dispatch(
      List<LocalPod> pods,
      Map<ObjectName, LocalPod> byName,
      AddressSet isolated,
      AddressSet addresses,
      Optional<Step> step) {
    this.pods = pods;
    this.byName = byName;
    this.step = step;
    for (LocalPod pod : pods) {
      for (Address address : pod.addresses()) {
        families.add(address.family());
        use(pod.ingress(), address.family());
        use(pod.egress(), address.family());
      }
    }
    this.isolated =
        step.map(one -> after(isolated, one, pod -> pod.ingress().or(pod::egress).isPresent()))
            .orElse(isolated);
    this.addresses = step.map(one -> after(addresses, one, _ -> true)).orElse(addresses);
    families.forEach(this::declare);
  }

  private void use(Optional<String> group, Family family) {
    if (group.isPresent()) {
      Set<Family> known = groups.get(group.get());
      if (known == null || !known.contains(family)) {
        groups.put(group.get(), known == null ? only(family) : BOTH);
      }
    }
  }

  private static Set<Family> only(Family family) {
    return family == Family.IPV4 ? FOUR : SIX;
  }

  private static AddressSet after(AddressSet before, Step step, Predicate<LocalPod> which) {
    AddressSet out = before;
    for (LocalPod pod : step.gone()) {
      for (Address address : pod.addresses()) {
        out = out.without(address);
      }
    }
    for (LocalPod pod : step.come()) {
      for (Address address : pod.addresses()) {
        out = which.test(pod) ? out.with(address) : out;
      }
    }
    return out;
  }

  /// The same for these pods; this one where they are the same.
  @SuppressWarnings("ReferenceEquality") // the shortcut for pods that nobody touched
  Dispatch next(List<LocalPod> others) {
    if (pods == others || pods.equals(others)) {
      return this;
    }
    List<LocalPod> come = new ArrayList<>();
    Map<ObjectName, LocalPod> after = HashMap.newHashMap(others.size());
    for (LocalPod pod : others) {
      after.put(pod.name(), pod);
      if (!pod.equals(byName.get(pod.name()))) {
        come.add(pod);
      }
    }
    List<LocalPod> gone = new ArrayList<>();
    for (LocalPod pod : pods) {
      if (!pod.equals(after.get(pod.name()))) {
        gone.add(pod);
      }
    }
    return new Dispatch(
        List.copyOf(others),
        after,
        isolated,
        addresses,
        Optional.of(new Step(version, gone, come)));
  }

  List<LocalPod> pods() {
    return pods;
  }

  /// Of all pods, isolated or not.
  AddressSet addresses() {
    return addresses;
  }

  /// What led from that version to this one; empty if it was not a single step.
  Optional<Step> since(Dispatch other) {
    return step.filter(one -> one.from().equals(other.version));
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

  private void declare(Family family) {
    KeyType key = KeyType.of(family);
    Members.Addresses members = new Members.Addresses(family, isolated);
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
        Members entries = new Members.Listed(new Dispatched(this, direction, family, orientation));
        NftSet map =
            new NftSet(
                Names.POLICY,
                Names.dispatch(direction, family, orientation),
                List.of(key),
                false,
                Optional.of(new NftSet.Data.Verdicts()),
                OptionalInt.of(SetContent.roomFor(entries.count())),
                "");
        sets.add(new SetContent(map, entries));
      }
    }
  }
}
