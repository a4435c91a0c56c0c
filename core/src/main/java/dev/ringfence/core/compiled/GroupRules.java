package dev.ringfence.core.compiled;

import dev.ringfence.core.model.Action;
import dev.ringfence.core.model.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// All rules that apply to the pods of one group, in canonical form: the group's definition.
///
/// Policies that say the same give equal rules, whatever their names and namespaces.
///
/// @param admin in the order in which they are asked
/// @param isolated whether a NetworkPolicy applies (S7)
/// @param allow rules of the NetworkPolicies, one for each distinct port term, sorted (S10)
/// @param baseline in the order in which they are asked
record GroupRules(List<Term> admin, boolean isolated, List<Term> allow, List<Term> baseline) {
  GroupRules {
    admin = useful(admin);
    allow = merged(allow);
    baseline = useful(baseline);
  }

  private static List<Term> useful(List<Term> terms) {
    return terms.stream().filter(term -> !term.isNothing()).toList();
  }

  private static List<Term> merged(List<Term> terms) {
    Map<String, Term> byPorts = new TreeMap<>();
    for (Term term : useful(terms)) {
      byPorts.merge(term.ports().toString(), term, GroupRules::join);
    }
    return List.copyOf(byPorts.values());
  }

  private static Term join(Term a, Term b) {
    TreeSet<PeerTerm> peers = new TreeSet<>(a.peers());
    peers.addAll(b.peers());
    return new Term(Action.ACCEPT, a.ports(), List.copyOf(peers));
  }

  /// Whether pods to which this applies are as free as without it.
  boolean isNothing() {
    return !isolated && admin.isEmpty() && baseline.isEmpty();
  }

  List<Term> all() {
    List<Term> all = new ArrayList<>(admin);
    all.addAll(allow);
    all.addAll(baseline);
    return all;
  }

  /// Whether an unknown pod may be judged differently from an address outside (S28).
  boolean doubtsUnknownPods() {
    return all().stream()
        .anyMatch(term ->
            term.action() != Action.ACCEPT && (term.asksPods() || !term.ports().names().isEmpty()));
  }

  String id(Direction direction) {
    return Definition.id(direction + "\n" + this);
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    admin.forEach(term -> out.append("admin ").append(term).append('\n'));
    if (isolated) {
      out.append("isolated\n");
    }
    allow.forEach(term -> out.append("allow ").append(term).append('\n'));
    baseline.forEach(term -> out.append("baseline ").append(term).append('\n'));
    return out.toString();
  }
}
