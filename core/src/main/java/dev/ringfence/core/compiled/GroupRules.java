package dev.ringfence.core.compiled;

import dev.ringfence.core.model.Action;
import dev.ringfence.core.model.Direction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
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

  /// The selectors of pods and what each alone lets use, sorted, where that and what addresses give
  /// add up to what the group lets through; empty where it does not, or is no other set than the
  /// group's own.
  ///
  /// It does not where a rule denies or passes on, since order matters then, or where a port has a
  /// name, which pods of one selector may give different numbers.
  SortedMap<PeerTerm.Pods, PortSet> selectors() {
    boolean named = all().stream().anyMatch(term -> !term.ports().names().isEmpty());
    if (!admin.isEmpty() || !baseline.isEmpty() || named) {
      return Collections.emptySortedMap();
    }
    PortSet anyway = PortSet.NONE;
    SortedMap<PeerTerm.Pods, PortSet> out = new TreeMap<>();
    for (Term term : allow) {
      anyway = term.isAboutEveryone() ? anyway.union(term.ports().numbers()) : anyway;
      for (PeerTerm peer : term.peers()) {
        if (peer instanceof PeerTerm.Pods selector) {
          out.merge(selector, term.ports().numbers(), PortSet::union);
        }
      }
    }
    PortSet everyones = anyway;
    out.values().removeIf(ports -> ports.minus(everyones).isNone());
    boolean own = allow.size() == 1 && allow.getFirst().peers().size() == 1;
    return own ? Collections.emptySortedMap() : out;
  }

  /// A group of its own for what one selector matches.
  static GroupRules admitting(PeerTerm.Pods selector) {
    Term term = new Term(Action.ACCEPT, new PortTerm(PortSet.ALL, List.of()), List.of(selector));
    return new GroupRules(List.of(), true, List.of(term), List.of());
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
