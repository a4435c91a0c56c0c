package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.Layered;
import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.NodePolicy.Admission;
import dev.ringfence.core.compiled.NodePolicy.Form;
import dev.ringfence.core.compiled.NodePolicy.Group;
import dev.ringfence.core.compiled.NodePolicy.PeerSet;
import dev.ringfence.core.model.Family;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Decides which admissions are looked up together, by how many elements that takes.
///
/// What was decided before stays until it takes twice as much, so that pods that come and go do not
/// rewrite chains, nor does a restart: what was decided is read off the table.
final class Joining {
  /// Elements of one admission; a larger set of peers is better shared than multiplied.
  static final int MOST_EACH = 8_192;

  /// Elements of one group; all of them are made anew when its policies change, in 0.15 s.
  static final int MOST_TOGETHER = 131_072;

  /// Elements of all groups: 64 MB of the kernel's memory.
  static final int MOST = 1_000_000;

  private final NodePolicy policy;
  private final TableContent before;
  private final Set<String> joined = new HashSet<>();
  private long total;

  Joining(NodePolicy policy, TableContent before) {
    this.policy = policy;
    this.before = before;
  }

  /// Asked group by group, always in the same order.
  Profiles of(Group group, Family family) {
    boolean sharing = group.form() == Form.UNION; // to multiply its members would undo that
    if (sharing || group.pods().size() < Profiles.FEWEST) {
      return Profiles.apart(group);
    }
    Set<String> lookups = lookups(group, family);
    Profiles out = Profiles.of(group, family, one -> isSmall(one, family, lookups));
    return out.together().filter(one -> !fits(one)).isPresent() ? Profiles.apart(group) : out;
  }

  /// What the group's chain looks into so far; nothing where there is none.
  private Set<String> lookups(Group group, Family family) {
    ChainContent had =
        before
            .chains()
            .get(Names.group(group.direction(), group.id(), family, Orientation.CONNECTION));
    return had == null ? Set.of() : had.lookups().collect(Collectors.toSet());
  }

  private boolean isSmall(Admission admission, Family family, Set<String> lookups) {
    boolean was = !lookups.isEmpty() && !lookups.contains(Names.peers(admission.setId(), family));
    long elements =
        (long) peers(admission).members().count(family) * Profiles.count(admission.ports());
    return elements <= (was ? 2 * MOST_EACH : MOST_EACH);
  }

  private boolean fits(Profiles.Together together) {
    if (joined.contains(together.name())) {
      return true;
    }
    int elements = members(together).count();
    int times = before.sets().containsKey(together.name()) ? 2 : 1;
    if (elements > times * MOST_TOGETHER || total + elements > (long) times * MOST) {
      return false;
    }
    joined.add(together.name());
    total += elements;
    return true;
  }

  /// Whether what is looked up together has grown so much that it has to be decided anew.
  static boolean isTooMuch(Layered<SetContent> sets, Renderings renderings) {
    long total = 0;
    for (Profiles.Together one : renderings.together()) {
      SetContent set = sets.get(one.name());
      if (set != null && set.members() instanceof PeerPorts members) {
        total += members.count();
        if (members.most() > 2 * MOST_EACH || members.count() > 2 * MOST_TOGETHER) {
          return true;
        }
      }
    }
    return total > 2L * MOST;
  }

  /// The elements of admissions that are looked up together.
  PeerPorts members(Profiles.Together together) {
    List<PeerPorts.Of> all = new ArrayList<>();
    for (int i = 0; i < together.admissions().size(); i++) {
      PeerSet peers = peers(together.admissions().get(i));
      all.add(new PeerPorts.Of(peers.members(), together.ports().get(i)));
    }
    return PeerPorts.of(together.family(), all);
  }

  private PeerSet peers(Admission admission) {
    PeerSet peers = policy.sets().get(admission.setId());
    if (peers == null) {
      throw new IllegalArgumentException("an admission of the unknown set " + admission);
    }
    return peers;
  }
}
