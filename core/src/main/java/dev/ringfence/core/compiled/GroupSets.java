package dev.ringfence.core.compiled;

import dev.ringfence.core.compiled.NodePolicy.Admission;
import dev.ringfence.core.compiled.NodePolicy.PeerSet;
import dev.ringfence.core.model.Address;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The peer sets of one group, one for each port set that pods have and their spans do not.
///
/// Filled when a node first asks, then kept up with every address that changes hands.
final class GroupSets {
  private final GroupTable table;
  private final Kinds kinds;
  private final SharedSets shared;
  private final Map<PortSet, SharedSet> sets = new HashMap<>();
  private final Set<PortSet> lasting;
  private boolean filled;

  GroupSets(GroupTable table, Kinds kinds, SharedSets shared) {
    this.table = table;
    this.kinds = kinds;
    this.shared = shared;
    this.lasting = lasting(table);
  }

  /// Port sets whose peers have a set whether there are any or not: those of a single rule. So the
  /// first pod that matches it and the last are changes of members only.
  private static Set<PortSet> lasting(GroupTable table) {
    Set<PortSet> out = new HashSet<>();
    int elsewhere = table.places.outsideBlocks();
    List<Term> terms = table.rules.all();
    for (int t = 0; t < terms.size(); t++) {
      if (terms.get(t).asksPods() && !table.classes.namesMatter()) {
        out.add(table.open(table.classes.ofTerm(t), elsewhere));
      }
    }
    out.remove(table.openToOthers(elsewhere));
    return out;
  }

  /// The lasting sets and those that have members; publishes them into the map as well.
  List<Admission> admissions(Claims claims, Map<String, PeerSet> into) {
    fill(claims);
    List<Admission> out = new ArrayList<>();
    sets.forEach((ports, set) -> {
      PeerSet published = set.publish();
      if (!published.members().isEmpty() || lasting.contains(ports)) {
        out.add(new Admission(set.id(), ports));
        into.put(set.id(), published);
      }
    });
    out.sort(Comparator.comparing(Admission::setId));
    return out;
  }

  private void fill(Claims claims) {
    if (filled) {
      return;
    }
    filled = true;
    lasting.forEach(this::set);
    if (onlyTerm().isPresent() && sets.values().stream().allMatch(set -> set.filled)) {
      return; // another group with the same peers did it
    }
    BitSet candidates = candidates();
    for (int k = candidates.nextSetBit(0); k >= 0; k = candidates.nextSetBit(k + 1)) {
      Kind kind = kinds.get(k);
      if (!kind.members.isEmpty()) {
        enter(kind, claims);
      }
    }
    sets.values().forEach(set -> set.filled = true);
  }

  /// The kinds whose pods may be judged otherwise than whoever else has their address.
  private BitSet candidates() {
    if (!table.rules.doubtsUnknownPods()) {
      return table.classes.somebody();
    }
    BitSet all = new BitSet();
    all.set(0, kinds.size());
    return all;
  }

  private void enter(Kind kind, Claims claims) {
    int peers = table.classes.of(kind);
    for (Member member : kind.members) {
      for (Address address : claims.ownedBy(member)) {
        PortSet ports = table.exception(peers, address);
        if (ports != null) {
          set(ports).add(address);
        }
      }
    }
  }

  /// The owner of an address changed, or came, or went (null).
  void touch(Address address, @Nullable Member owner) {
    if (!filled) {
      return;
    }
    PortSet ports = owner == null ? null : table.exception(table.classes.of(owner.kind), address);
    if (ports != null) {
      set(ports).add(address);
    }
    sets.forEach((of, set) -> {
      if (!of.equals(ports)) {
        set.remove(address);
      }
    });
  }

  private SharedSet set(PortSet ports) {
    return sets.computeIfAbsent(ports, p -> shared.get(definition(p), meaning(p)));
  }

  Collection<SharedSet> all() {
    return Collections.unmodifiableCollection(sets.values());
  }

  /// The rule, where there is only one and it names no port; then its peers alone define the set,
  /// and whoever has the same peers shares it.
  private Optional<Term> onlyTerm() {
    GroupRules rules = table.rules;
    boolean one =
        rules.admin().isEmpty()
            && rules.baseline().isEmpty()
            && rules.allow().size() == 1
            && !table.classes.namesMatter();
    return one ? Optional.of(rules.allow().getFirst()) : Optional.empty();
  }

  private String definition(PortSet ports) {
    return onlyTerm()
        .map(term -> "peers " + Term.text(term.peers()))
        .orElseGet(() -> table.rules + "open " + ports);
  }

  private String meaning(PortSet ports) {
    List<PeerTerm> peers =
        table.rules.all().stream()
            .flatMap(term -> term.peers().stream())
            .filter(peer -> peer instanceof PeerTerm.Pods)
            .distinct()
            .toList();
    String text = Term.text(peers);
    return onlyTerm().isPresent() ? text : "open at " + ports + " of: " + text;
  }
}
