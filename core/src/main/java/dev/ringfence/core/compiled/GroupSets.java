package dev.ringfence.core.compiled;

import dev.ringfence.core.compiled.Interests.Interest;
import dev.ringfence.core.compiled.NodePolicy.Admission;
import dev.ringfence.core.model.Address;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/// The peer sets of one group, one for each port set that pods have and their spans do not.
///
/// Counted when a node first asks, and filled if they are to be used; then kept up with every
/// address that changes hands.
final class GroupSets {
  /// No class at all.
  static final int NOWHERE = -1;

  /// Its place among those that are kept up.
  long number;

  private final GroupTable table;
  private final Kinds kinds;
  private final SharedSets shared;
  private final Map<PortSet, Slot> slots = new HashMap<>();
  private final Map<Long, Optional<Slot>> byCell = new HashMap<>();
  private final Set<PortSet> lasting;
  private boolean dropped;
  private boolean counted;
  private boolean filled;

  /// Whether a set that does not last was found empty or not so, and [#shown] tells otherwise.
  private boolean stale = true;

  private Shown shown = new Shown(List.of(), List.of());

  /// What a node shows of this, in one order.
  record Shown(List<Admission> admissions, List<SharedSet> sets) {}

  /// The set of those who have these ports.
  private static final class Slot {
    private final PortSet ports;
    private final SharedSet set;
    private final boolean lasting;
    private boolean shown;

    /// How many members there are, whether they are held or only counted.
    private int size;

    private Slot(PortSet ports, SharedSet set, boolean lasting) {
      this.ports = ports;
      this.set = set;
      this.lasting = lasting;
    }

    private boolean isWorthShowing() {
      return lasting || size > 0;
    }
  }

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

  /// The lasting sets and those that have members; the same object until that changes.
  Shown shown() {
    if (stale) {
      stale = false;
      List<Slot> worth = new ArrayList<>();
      for (Slot slot : slots.values()) {
        slot.shown = slot.isWorthShowing();
        if (slot.shown) {
          worth.add(slot);
        }
      }
      worth.sort(Comparator.comparing(slot -> slot.set.id()));
      Shown now =
          new Shown(
              worth.stream().map(slot -> new Admission(slot.set.id(), slot.ports)).toList(),
              worth.stream().map(slot -> slot.set).toList());
      shown = now.equals(shown) ? shown : now;
    }
    return shown;
  }

  boolean isFilled() {
    return filled;
  }

  /// Whether the sizes are known, and kept up.
  boolean isCounted() {
    return counted;
  }

  /// Finds out how many members there are, and holds none.
  void count(Claims claims) {
    counted = true;
    lasting.forEach(this::slot);
    everyMember(claims, (slot, address) -> slot.size++);
  }

  /// Holds the members from now on.
  void fill(Claims claims) {
    lasting.forEach(this::slot);
    slots.values().forEach(slot -> slot.set.holders++);
    filled = true;
    counted = true;
    if (onlyTerm().isEmpty() || !slots.values().stream().allMatch(slot -> slot.set.filled)) {
      Map<Slot, List<Address>> members = new HashMap<>();
      everyMember(
          claims,
          (slot, address) -> members.computeIfAbsent(slot, s -> new ArrayList<>()).add(address));
      slots.values().forEach(slot -> slot.set.fill(members.getOrDefault(slot, List.of())));
    } // else another group with the same peers did it
    slots.values().forEach(slot -> slot.size = slot.set.size());
  }

  /// Tells each set that has members, and how many.
  void sizes(ObjIntConsumer<SharedSet> to) {
    for (Slot slot : slots.values()) {
      if (slot.size > 0) {
        to.accept(slot.set, slot.size);
      }
    }
  }

  private void everyMember(Claims claims, BiConsumer<Slot, Address> to) {
    BitSet candidates = candidates();
    for (int k = candidates.nextSetBit(0); k >= 0; k = candidates.nextSetBit(k + 1)) {
      Kind kind = kinds.get(k);
      if (!kind.members.isEmpty()) {
        enter(kind, claims, to);
      }
    }
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

  private void enter(Kind kind, Claims claims, BiConsumer<Slot, Address> to) {
    int peers = table.classes.of(kind);
    for (Member member : kind.members) {
      for (Address address : claims.ownedBy(member)) {
        Slot slot = slot(peers, address);
        if (slot != null) {
          to.accept(slot, address);
        }
      }
    }
  }

  /// What to remember of a kind whose pods may be in one of these sets; empty of any other.
  Optional<Interest> interest(Kind kind) {
    int peers = table.classes.of(kind);
    return peers == PeerClasses.NOBODY && !table.rules.doubtsUnknownPods()
        ? Optional.empty()
        : Optional.of(new Interest(this, peers));
  }

  /// A pod of one class had this address, and one of another has it now.
  ///
  /// @param from [#NOWHERE] where nobody had it who may be in a set; `to` likewise
  /// @return whether [#shown] may be another one now
  boolean move(Address address, int from, int to) {
    if (dropped) {
      return false;
    }
    Slot left = from == NOWHERE ? null : slot(from, address);
    Slot joined = to == NOWHERE ? null : slot(to, address);
    if (left != joined) {
      if (left != null) {
        left.size--;
        if (filled) {
          left.set.remove(address);
        }
        stale |= left.shown != left.isWorthShowing();
      }
      if (joined != null) {
        joined.size++;
        if (filled) {
          joined.set.add(address);
        }
        stale |= joined.shown != joined.isWorthShowing();
      }
    }
    return stale;
  }

  /// Where a pod of this class with this address belongs; null where its span says the same.
  private @Nullable Slot slot(int peers, Address address) {
    int place = table.places.at(address);
    long cell = (long) peers << 32 | place;
    Optional<Slot> known = byCell.get(cell);
    if (known == null) {
      PortSet ports = table.open(peers, place);
      known = ports.equals(table.openToOthers(place)) ? Optional.empty() : Optional.of(slot(ports));
      byCell.put(cell, known);
    }
    return known.orElse(null);
  }

  private Slot slot(PortSet ports) {
    return slots.computeIfAbsent(ports, this::newSlot);
  }

  private Slot newSlot(PortSet ports) {
    SharedSet set = shared.use(definition(ports), () -> meaning(ports));
    set.holders += filled ? 1 : 0;
    return new Slot(ports, set, lasting.contains(ports));
  }

  /// The table is not kept up any more.
  void drop() {
    dropped = true;
    for (Slot slot : slots.values()) {
      if (filled) {
        slot.set.letGo();
      }
      shared.leave(slot.set);
    }
  }

  /// Only counted from now on.
  void release() {
    if (filled) {
      filled = false;
      slots.values().forEach(slot -> slot.set.letGo());
    }
  }

  boolean isDropped() {
    return dropped;
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
