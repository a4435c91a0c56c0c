package dev.ringfence.core.compiled;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.AddressRange;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.ObjectName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What one node has to enforce: its own pods, their groups, and the sets those groups use.
///
/// Ids come from definitions, not from members: a pod that comes or goes changes members only, a
/// restart gives the same ids, and equal definitions are one set for all groups and both
/// directions. What a [PolicyEngine] answers twice for one node is the same object wherever nothing
/// changed in between: `pods`, `groups`, each group and each set.
///
/// @param pods every counting pod of the node with a known address, isolated or not
/// @param groups by id; only those that a pod here belongs to
/// @param sets by id; only those that a group here uses
public record NodePolicy(
    String node, List<LocalPod> pods, Map<String, Group> groups, Layered<PeerSet> sets) {
  public NodePolicy {
    pods = List.copyOf(pods);
    groups = Map.copyOf(groups);
  }

  /// From any map of sets.
  public NodePolicy(
      String node, List<LocalPod> pods, Map<String, Group> groups, Map<String, PeerSet> sets) {
    this(node, pods, groups, Layered.of(sets));
  }

  /// How many members all sets have together, both families: what the kernel has to hold.
  public long members() {
    return sets.values().stream().mapToLong(set -> set.members().size()).sum();
  }

  /// A counting pod of this node.
  ///
  /// @param addresses those it owns (S115 to S117), never empty
  /// @param ingress id of the group that judges what comes in; empty if nothing does
  /// @param egress likewise for what goes out
  public record LocalPod(
      ObjectName name, List<Address> addresses, Optional<String> ingress, Optional<String> egress) {
    public LocalPod {
      addresses = List.copyOf(addresses);
    }
  }

  /// Pods to which exactly the same rules apply in one direction.
  ///
  /// A peer is looked up in `pods` first, then in `spans` (disjoint ranges); one that is in neither
  /// is denied. Ports are those of the destination.
  ///
  /// @param policies ids of the policies that isolate or decide, for people
  /// @param form what `pods` say together
  public record Group(
      String id,
      Direction direction,
      List<String> policies,
      List<Admission> pods,
      List<Span> spans,
      Form form) {
    public Group {
      policies = List.copyOf(policies);
      pods = List.copyOf(pods);
      spans = List.copyOf(spans);
    }

    /// Of disjoint sets.
    public Group(
        String id,
        Direction direction,
        List<String> policies,
        List<Admission> pods,
        List<Span> spans) {
      this(id, direction, policies, pods, spans, Form.DISJOINT);
    }
  }

  /// How the sets of a group are read.
  public enum Form {
    /// A peer is in one set at most, which alone decides: no span says anything about it.
    DISJOINT,
    /// Each set is all that one selector matches, shared by whoever uses the selector. A peer may
    /// be in several and has the ports of all of them, and those of its span: fewer members, and
    /// more to look up.
    UNION
  }

  /// The members of one peer set may use these ports; in a [Form#DISJOINT] group `NONE` denies them
  /// whatever the spans say.
  public record Admission(String setId, PortSet ports) {}

  /// Whoever is no member of a set may use these ports from or to these addresses; both families
  /// may occur.
  public record Span(List<AddressRange> ranges, PortSet ports) {
    public Span {
      ranges = List.copyOf(ranges);
    }
  }

  /// Pod addresses of both families.
  ///
  /// @param meaning the selectors in words, for people
  public record PeerSet(String id, String meaning, AddressSet members) {
    /// From any set of addresses.
    public PeerSet(String id, String meaning, Set<Address> members) {
      this(id, meaning, AddressSet.of(members));
    }
  }
}
