package dev.ringfence.core.compiled;

import dev.ringfence.core.compiled.GroupSets.Shown;
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
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The answer for one node, kept up.
///
/// The engine says what happened; the next question works out only what that touches. Whatever
/// comes out equal stays the same object.
final class NodeView {
  private static final int MOST_BLAMED = 3;

  private final PolicyEngine engine;
  private final String node;

  private final Map<Member, Seat> seats = new HashMap<>();
  private final Map<String, Held> groups = new HashMap<>();
  private final Map<SharedSet, Integer> uses = new HashMap<>();

  private final Set<Member> members = new HashSet<>();
  private final Set<Kind> kinds = new HashSet<>();
  private final Set<SharedSet> sets = new HashSet<>();
  private boolean everything = true;
  private boolean tables = true;
  private boolean regroup;
  private boolean podsChanged;
  private boolean groupsChanged;
  private boolean refused;

  private NodePolicy answer;

  /// How many members the answer has.
  private long total;

  /// The generation in which this was last asked.
  long lastAsked;

  /// A pod of this node and what judges it.
  private record Seat(LocalPod pod, Applied ingress, Applied egress) {}

  /// A group while pods here belong to it.
  private static final class Held {
    private final Direction direction;
    private final Map<Applied, Integer> users = new HashMap<>();
    private GroupTable table;
    private Shown shown = new Shown(List.of(), List.of());
    private @Nullable Group group;
    private boolean stale = true;

    private Held(Direction direction, GroupTable table) {
      this.direction = direction;
      this.table = table;
    }

    private List<String> policies() {
      TreeSet<String> policies = new TreeSet<>();
      users.keySet().forEach(applied -> policies.addAll(applied.policies()));
      return List.copyOf(policies);
    }
  }

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
    groups.values().forEach(held -> held.table.users--);
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
    Held held = groups.get(id.get());
    if (held == null) {
      held = new Held(applied.direction(), engine.table(applied));
      held.table.users++;
      groups.put(id.get(), held);
    } else if (!held.table.rules.equals(applied.rules())) {
      throw new IllegalStateException(
          "two groups have one id: " + held.table.rules + applied.rules());
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

  private void outdate(Held held) {
    held.stale = true;
    regroup = true;
  }

  /// Counts what the groups will need before any of it is built.
  private void weigh() {
    if (engine.budget().isUnlimited() || !(regroup || tables || refused || outgrown())) {
      return;
    }
    refused = true;
    Weighing weighing = new Weighing();
    groups.forEach((id, held) -> {
      if (!held.users.isEmpty()) {
        renew(held);
        engine.count(held.table);
        weighing.add(id, held.table);
      }
    });
    if (weighing.total() > engine.budget().members()) {
      throw new OverBudget(weighing.total(), engine.budget(), most(weighing));
    }
    refused = false;
  }

  /// Whether the sets of the last answer have more members by now than they may.
  private boolean outgrown() {
    long now = total;
    for (SharedSet set : sets) {
      PeerSet had = answer.sets().get(set.id());
      now += uses.containsKey(set) ? set.size() - (had == null ? 0 : had.members().size()) : 0;
    }
    return now > engine.budget().members();
  }

  private List<OverBudget.Use> most(Weighing weighing) {
    return weighing.heaviest(MOST_BLAMED).stream()
        .map(id -> {
          Held held = Objects.requireNonNull(groups.get(id));
          return new OverBudget.Use(id, held.direction, held.policies(), weighing.of(id));
        })
        .toList();
  }

  /// Brings the groups up to date, and which sets they use.
  ///
  /// @param published gets the sets that were not used before
  /// @param gone gets those that are not used any more, and perhaps some that are
  private void group(Map<String, PeerSet> published, Set<String> gone) {
    if (!regroup && !tables) {
      return;
    }
    List<Held> fresh = new ArrayList<>();
    List<Shown> former = new ArrayList<>();
    for (var all = groups.entrySet().iterator(); all.hasNext(); ) {
      var entry = all.next();
      Held held = entry.getValue();
      if (held.users.isEmpty()) {
        former.add(held.shown);
        held.table.users--;
        all.remove();
        groupsChanged = true;
      } else if (held.stale || (tables && isBehind(held))) {
        former.add(held.shown);
        refresh(entry.getKey(), held);
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
    for (Held held : fresh) {
      for (SharedSet set : held.shown.sets()) {
        if (uses.merge(set, 1, Integer::sum) == 1) {
          published.put(set.id(), set.publish());
        }
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // it stays the same object until it changes
  private static boolean isBehind(Held held) {
    return held.table.sets().isDropped() || held.table.sets().shown() != held.shown;
  }

  /// Another table in place of a dropped one.
  private void renew(Held held) {
    if (held.table.sets().isDropped()) {
      held.table.users--;
      held.table = engine.table(held.table.rules);
      held.table.users++;
    }
  }

  private void refresh(String id, Held held) {
    renew(held);
    engine.fill(held.table);
    held.shown = held.table.sets().shown();
    held.stale = false;
    Group now =
        new Group(id, held.direction, held.policies(), held.shown.admissions(), held.table.spans());
    Group had = answer.groups().get(id);
    held.group = now.equals(had) ? had : now;
  }
}
