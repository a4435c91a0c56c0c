package dev.ringfence.core.compiled;

import dev.ringfence.core.compiled.GroupSets.Shown;
import dev.ringfence.core.compiled.NodePolicy.Form;
import dev.ringfence.core.compiled.NodePolicy.Group;
import dev.ringfence.core.compiled.NodePolicy.LocalPod;
import dev.ringfence.core.compiled.NodePolicy.PeerSet;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Direction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The answer for one node, kept up.
///
/// The engine says what happened; the next question works out only what that touches. Whatever
/// comes out equal stays the same object.
final class NodeView {
  private final PolicyEngine engine;
  private final String node;

  private final Map<Member, Seat> seats = new HashMap<>();
  private final Map<String, HeldGroup> groups = new HashMap<>();
  private final Map<SharedSet, Integer> uses = new HashMap<>();

  private final Set<Member> members = new HashSet<>();
  private final Set<Kind> kinds = new HashSet<>();
  private final Set<SharedSet> sets = new HashSet<>();
  private boolean everything = true;
  private boolean tables = true;
  private boolean regroup;
  private boolean podsChanged;
  private boolean groupsChanged;

  /// Whether the last question was refused, and whether some group has the form of a union: then
  /// sizes matter that no set of the answer tells.
  private boolean refused;

  private boolean unions;

  private NodePolicy answer;

  /// How many members the answer has.
  private long total;

  /// The generation in which this was last asked.
  long lastAsked;

  /// A pod of this node and what judges it.
  private record Seat(LocalPod pod, Applied ingress, Applied egress) {}

  NodeView(PolicyEngine engine, String node) {
    this.engine = engine;
    this.node = node;
    this.answer = new NodePolicy(node, List.of(), Map.of(), Layered.empty());
  }

  void memberChanged(Member member) {
    members.add(member);
  }

  /// Something else may apply to them.
  void kindsChanged(Collection<Kind> changed) {
    kinds.addAll(changed);
  }

  void setsChanged(Collection<SharedSet> changed) {
    for (SharedSet set : changed) {
      if (uses.containsKey(set)) {
        sets.add(set);
      }
    }
  }

  /// Some tables are dropped, or show other sets.
  void tablesChanged() {
    tables = true;
  }

  /// Nothing that was remembered of kinds, members or tables is valid any more.
  void forget() {
    leave();
    seats.clear();
    groups.clear();
    uses.clear();
    members.clear();
    kinds.clear();
    everything = true;
  }

  /// Nobody will ask any more.
  void leave() {
    groups.values().forEach(HeldGroup::leave);
  }

  /// @throws OverBudget if it has more members than it may; what came before is forgotten by
  ///   nobody, and the next question counts again
  NodePolicy answer() {
    Map<String, PeerSet> published = new HashMap<>();
    Set<String> gone = new HashSet<>();
    if (everything) {
      members.addAll(engine.inventory().onNode(node));
      podsChanged = true;
      groupsChanged = true;
      gone.addAll(answer.sets().keySet());
    }
    seat();
    weigh();
    group(published, gone);
    for (SharedSet set : sets) {
      if (uses.containsKey(set)) {
        published.put(set.id(), set.publish());
      }
    }
    sets.clear();
    gone.removeAll(published.keySet());
    published.values().removeIf(set -> set.equals(answer.sets().get(set.id())));
    total += members(published.values());
    total -= membersOf(published.keySet()) + membersOf(gone);
    NodePolicy now =
        new NodePolicy(
            node,
            podsChanged ? pods() : answer.pods(),
            groupsChanged ? groups() : answer.groups(),
            answer.sets().with(published, gone));
    everything = false;
    podsChanged = false;
    groupsChanged = false;
    answer = isSame(now, answer) ? answer : now;
    return answer;
  }

  private static long members(Collection<PeerSet> sets) {
    return sets.stream().mapToLong(set -> set.members().size()).sum();
  }

  /// In the last answer.
  private long membersOf(Collection<String> ids) {
    return members(ids.stream().map(answer.sets()::get).filter(Objects::nonNull).toList());
  }

  @SuppressWarnings("ReferenceEquality") // what is equal is the same object by now
  private static boolean isSame(NodePolicy a, NodePolicy b) {
    return a.pods() == b.pods() && a.groups() == b.groups() && a.sets() == b.sets();
  }

  private List<LocalPod> pods() {
    List<LocalPod> pods = new ArrayList<>(seats.size());
    seats.values().forEach(seat -> pods.add(seat.pod()));
    pods.sort(Comparator.comparing(LocalPod::name));
    return pods.equals(answer.pods()) ? answer.pods() : pods;
  }

  private Map<String, Group> groups() {
    Map<String, Group> out = HashMap.newHashMap(groups.size());
    groups.forEach((id, held) -> {
      if (held.group != null) {
        out.put(id, held.group);
      }
    });
    return out.equals(answer.groups()) ? answer.groups() : out;
  }

  /// Brings the pods up to date, and who uses which group.
  private void seat() {
    if (!kinds.isEmpty()) {
      for (Member member : seats.keySet()) {
        if (kinds.contains(member.kind)) {
          members.add(member);
        }
      }
      kinds.clear();
    }
    members.forEach(this::reseat);
    members.clear();
  }

  private void reseat(Member member) {
    Seat old = seats.remove(member);
    Seat now = seatOf(member);
    if (now != null) {
      seats.put(member, now);
      join(now.ingress());
      join(now.egress());
    }
    if (old != null) {
      part(old.ingress());
      part(old.egress());
    }
    podsChanged |= old == null || now == null || !old.pod().equals(now.pod());
  }

  private @Nullable Seat seatOf(Member member) {
    if (member.isGone()) {
      return null;
    }
    List<Address> owned = engine.inventory().claims().ownedBy(member);
    if (owned.isEmpty()) {
      return null;
    }
    Applied ingress = engine.applied(member.kind, Direction.INGRESS);
    Applied egress = engine.applied(member.kind, Direction.EGRESS);
    return new Seat(
        new LocalPod(member.pod.name(), owned, ingress.id(), egress.id()), ingress, egress);
  }

  private void join(Applied applied) {
    Optional<String> id = applied.id();
    if (id.isEmpty()) {
      return;
    }
    HeldGroup held = groups.get(id.get());
    if (held == null) {
      held = new HeldGroup(engine, id.get(), applied);
      groups.put(id.get(), held);
    } else if (!held.rules().equals(applied.rules())) {
      throw new IllegalStateException("two groups have one id: " + held.rules() + applied.rules());
    }
    if (held.users.merge(applied, 1, Integer::sum) == 1) {
      outdate(held);
    }
  }

  private void part(Applied applied) {
    applied
        .id()
        .map(groups::get)
        .ifPresent(held -> {
          int left = held.users.merge(applied, -1, Integer::sum);
          if (left == 0) {
            held.users.remove(applied);
            outdate(held);
          }
        });
  }

  private void outdate(HeldGroup held) {
    held.stale = true;
    regroup = true;
  }

  /// Counts what the groups will need before any of it is built, and chooses their forms.
  private void weigh() {
    if (engine.budget().isUnlimited() || !(regroup || tables || refused || unions || near())) {
      return;
    }
    refused = true;
    List<HeldGroup> used = groups.values().stream().filter(held -> !held.users.isEmpty()).toList();
    Set<HeldGroup> union = FormChoice.unions(engine.budget(), used);
    for (HeldGroup held : used) {
      regroup |= held.become(union.contains(held) ? Form.UNION : Form.DISJOINT);
    }
    unions = !union.isEmpty();
    refused = false;
  }

  /// Whether the sets of the last answer may by now have more members than they should.
  private boolean near() {
    long now = total;
    for (SharedSet set : sets) {
      PeerSet had = answer.sets().get(set.id());
      now += uses.containsKey(set) ? set.size() - (had == null ? 0 : had.members().size()) : 0;
    }
    return Weighing.atMostRoundedUp(now) > engine.budget().members();
  }

  /// Brings the groups up to date, and which sets they use.
  ///
  /// @param published gets the sets that were not used before
  /// @param gone gets those that are not used any more, and perhaps some that are
  private void group(Map<String, PeerSet> published, Set<String> gone) {
    if (!regroup && !tables) {
      return;
    }
    List<HeldGroup> fresh = new ArrayList<>();
    List<Shown> former = new ArrayList<>();
    for (var all = groups.values().iterator(); all.hasNext(); ) {
      HeldGroup held = all.next();
      if (held.users.isEmpty()) {
        former.add(held.shown);
        held.leave();
        all.remove();
        groupsChanged = true;
      } else if (held.stale || (tables && held.isBehind())) {
        former.add(held.shown);
        held.refresh(answer.groups().get(held.id));
        fresh.add(held);
        groupsChanged = true;
      }
    }
    regroup = false;
    tables = false;
    for (Shown shown : former) {
      for (SharedSet set : shown.sets()) {
        if (uses.merge(set, -1, Integer::sum) == 0) {
          uses.remove(set);
          gone.add(set.id());
        }
      }
    }
    for (HeldGroup held : fresh) {
      for (SharedSet set : held.shown.sets()) {
        if (uses.merge(set, 1, Integer::sum) == 1) {
          published.put(set.id(), set.publish());
        }
      }
    }
  }
}
