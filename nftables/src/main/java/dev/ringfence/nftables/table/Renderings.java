package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.NodePolicy.Group;
import dev.ringfence.core.compiled.NodePolicy.LocalPod;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.route.Wire;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What was worked out for the last policy, so that a change costs what changed: an equal group has
/// the same chains, equal pods the same maps.
final class Renderings {
  private final Map<String, Rendering> groups = new HashMap<>();
  private final Map<String, Guarded> guards = new HashMap<>();
  private final Map<Family, Map<String, String>> peers = new EnumMap<>(Family.class);
  private final Set<String> usedGroups = new HashSet<>();
  private final Set<String> usedGuards = new HashSet<>();
  private @Nullable Index index;
  private Dispatch dispatch = Dispatch.NONE;
  private @Nullable Base base;

  /// The chains of one group in one family, in every orientation, and the interval sets they use.
  record Rendering(
      Group group,
      Profiles profiles,
      Collection<ChainContent> chains,
      Collection<SetContent> sets) {}

  /// That the peers of an admission are looked up together with others.
  ///
  /// @param at which of them it is
  record Use(Profiles.Together together, int at) {}

  private record Base(Set<Family> families, DataplaneOptions options, List<ChainContent> chains) {}

  private record GuardOf(Wire wire, List<Address> addresses, boolean delivery) {}

  private record Guarded(GuardOf of, List<ChainContent> chains) {}

  Rendering of(Group group, Family family, Profiles profiles) {
    String key = group.id() + " " + family;
    usedGroups.add(key);
    Rendering known = groups.get(key);
    if (known != null && known.group().equals(group) && known.profiles().equals(profiles)) {
      return known;
    }
    GroupChains fresh = new GroupChains();
    for (Orientation orientation : Orientation.values()) {
      fresh.add(group, family, profiles, orientation);
    }
    Rendering out = new Rendering(group, profiles, fresh.chains(), fresh.sets());
    groups.put(key, out);
    return out;
  }

  /// What is looked up together, and where the peers of each set are in it.
  private record Index(List<Profiles.Together> all, Map<String, List<Use>> uses) {}

  /// Where the peers of this set are looked up together with others.
  List<Use> uses(String id) {
    return index().uses().getOrDefault(id, List.of());
  }

  /// All that is looked up together, once.
  List<Profiles.Together> together() {
    return index().all();
  }

  private Index index() {
    Index known = index;
    if (known == null) {
      Map<String, Profiles.Together> all = new TreeMap<>();
      for (Rendering one : groups.values()) {
        one.profiles().together().ifPresent(some -> all.put(some.name() + some.known(), some));
      }
      Map<String, List<Use>> uses = new HashMap<>();
      for (Profiles.Together one : all.values()) {
        for (int at = 0; at < one.admissions().size(); at++) {
          uses.computeIfAbsent(one.admissions().get(at).setId(), i -> new ArrayList<>(1))
              .add(new Use(one, at));
        }
      }
      known = new Index(List.copyOf(all.values()), uses);
      index = known;
    }
    return known;
  }

  /// The chains of one wire.
  ///
  /// @param delivery whether what goes to the pod is looked at too
  List<ChainContent> of(Wire wire, List<Address> addresses, boolean delivery) {
    GuardOf of = new GuardOf(wire, addresses, delivery);
    usedGuards.add(wire.interfaceName());
    Guarded known = guards.get(wire.interfaceName());
    if (known != null && known.of().equals(of)) {
      return known.chains();
    }
    List<ChainContent> chains =
        delivery
            ? List.of(Guard.of(wire, addresses), Delivery.of(wire, addresses))
            : List.of(Guard.of(wire, addresses));
    guards.put(wire.interfaceName(), new Guarded(of, chains));
    return chains;
  }

  Dispatch of(List<LocalPod> pods) {
    dispatch = dispatch.next(pods);
    return dispatch;
  }

  /// What the set of these peers is called.
  String peers(String id, Family family) {
    Map<String, String> names = peers.get(family);
    if (names == null) {
      names = new HashMap<>();
      peers.put(family, names);
    }
    String name = names.get(id);
    if (name == null) {
      name = Names.peers(id, family);
      names.put(id, name);
    }
    return name;
  }

  /// The chains that packets enter by.
  List<ChainContent> base(Set<Family> families, DataplaneOptions options) {
    Base known = base;
    if (known == null || !known.families().equals(families) || !known.options().equals(options)) {
      known = new Base(families, options, new BaseChains(families, options).chains());
      base = known;
    }
    return known.chains();
  }

  /// Forgets groups that nobody asked for since the last time.
  void forgetOtherGroups() {
    groups.keySet().retainAll(usedGroups);
    usedGroups.clear();
    index = null;
    peers.clear();
  }

  /// Forgets guards that nobody asked for since the last time.
  void forgetOtherGuards() {
    guards.keySet().retainAll(usedGuards);
    usedGuards.clear();
  }
}
