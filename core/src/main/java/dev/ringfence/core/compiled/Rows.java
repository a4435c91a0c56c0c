package dev.ringfence.core.compiled;

import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.compiled.NodePolicy.Span;
import dev.ringfence.core.compiled.Row.Part;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.AddressRange;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.IpBlock;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The verdict table asked row by row, for many ends at once.
///
/// A row costs a few set operations for each rule, whatever the number of ends; subjects of one
/// group share theirs. A node is judged by its address alone, so whoever cares that it is a pod's
/// own (S95) asks for that cell.
public final class Rows {
  private static final List<AddressRange> EVERYWHERE =
      Stream.of(Family.values()).map(AddressRange::all).toList();

  private final CompiledPolicy policy;
  private final PolicyEngine engine;
  private final EndSet all;
  private final EndSet nowhere;
  private final Map<Integer, Ints> byKind = new HashMap<>();
  private final NavigableMap<Address, Ints> byAddress = new TreeMap<>();
  private final Map<PeerTerm, EndSet> byPeer = new HashMap<>();
  private final Map<GroupRules, Row> rows = new HashMap<>();
  private final Map<PortSet, PortSet> portSets = new HashMap<>();
  private final Map<List<Term>, List<Span>> spans = new HashMap<>();
  private final Row free;

  /// @param ends pods and nodes, numbered by their place
  Rows(CompiledPolicy policy, PolicyEngine engine, List<Endpoint> ends) {
    this.policy = policy;
    this.engine = engine;
    BitSet everybody = new BitSet();
    BitSet unknown = new BitSet();
    for (int i = 0; i < ends.size(); i++) {
      Endpoint end = ends.get(i);
      everybody.set(i);
      if (end.address().isPresent()) {
        byAddress.computeIfAbsent(end.address().get(), a -> new Ints()).add(i);
      } else {
        unknown.set(i);
      }
      if (end instanceof Endpoint.OfPod(Pod pod, var at)) {
        int kind = engine.inventory().kind(pod).number;
        byKind.computeIfAbsent(kind, k -> new Ints()).add(i);
      }
    }
    this.all = EndSet.of(everybody);
    this.nowhere = EndSet.of(unknown);
    this.free =
        new Row(
            List.of(new Part(PortSet.ALL, all)),
            List.of(new Span(EVERYWHERE, PortSet.ALL)),
            PortSet.NONE);
  }

  /// The row of a pod; equal rows of one [Rows] are one object.
  public Row of(Direction direction, Pod subject) {
    policy.checkCurrent();
    GroupRules rules = engine.applied(engine.inventory().kind(subject), direction).rules();
    return rules.isNothing() ? free : rows.computeIfAbsent(rules, this::row);
  }

  /// The row of whoever no policy is about.
  public Row ofNobody() {
    return free;
  }

  private Row row(GroupRules rules) {
    List<Term> terms = rules.all();
    Draft nobody = new Draft(Collections.nCopies(terms.size(), PortSet.NONE), EndSet.NONE);
    List<Draft> drafts = new ArrayList<>();
    for (int t = 0; t < terms.size(); t++) {
      for (Part part : byPorts(terms.get(t))) {
        drafts = divided(drafts, t, part, nobody);
      }
    }
    Map<PortSet, EndSet> parts = new HashMap<>();
    for (Draft draft : drafts) {
      put(parts, open(rules, draft), draft.ends);
    }
    PortSet others = open(rules, nobody);
    if (!others.isNone()) {
      EndSet rest = all;
      for (Draft draft : drafts) {
        rest = rest.minus(draft.ends);
      }
      put(parts, others, rest);
    }
    List<Part> out = new ArrayList<>();
    parts.forEach((ports, ends) -> out.add(new Part(ports, ends)));
    return new Row(out, spans(rules), interned(byAddress(terms)));
  }

  private void put(Map<PortSet, EndSet> parts, PortSet ports, EndSet ends) {
    if (!ports.isNone() && !ends.isEmpty()) {
      parts.merge(interned(ports), ends, EndSet::or);
    }
  }

  private PortSet interned(PortSet ports) {
    return portSets.computeIfAbsent(ports, p -> p);
  }

  /// NetworkPolicies alone just add up; that saves the peeling off.
  private static PortSet open(GroupRules rules, Draft draft) {
    if (!rules.admin().isEmpty() || !rules.baseline().isEmpty()) {
      return Fold.of(rules, draft, false).open();
    }
    PortSet out = PortSet.NONE;
    for (PortSet ports : draft.byTerm) {
      out = ports.isNone() ? out : out.union(ports);
    }
    return out;
  }

  /// Where NetworkPolicies alone decide, whoever is no pod has what rules about addresses give it;
  /// many groups have the same ones of those.
  private List<Span> spans(GroupRules rules) {
    if (!rules.admin().isEmpty() || !rules.baseline().isEmpty()) {
      return outside(rules);
    }
    List<Term> about =
        rules.allow().stream()
            .filter(term -> namesAddresses(term) || term.isAboutEveryone())
            .toList();
    return spans.computeIfAbsent(
        about, terms -> outside(new GroupRules(List.of(), true, terms, List.of())));
  }

  private List<Span> outside(GroupRules rules) {
    return new Outsiders(rules, Places.of(rules, engine.inventory().network())).spans();
  }

  private static PortSet byAddress(List<Term> terms) {
    PortSet out = PortSet.NONE;
    for (Term term : terms) {
      out = namesAddresses(term) ? out.union(term.ports().atMost()) : out;
    }
    return out;
  }

  private static boolean namesAddresses(Term term) {
    return term.peers().stream().anyMatch(peer -> peer instanceof PeerTerm.Block);
  }

  /// Ends that the terms so far do not tell apart.
  private static final class Draft implements Fold.Ports {
    private final List<PortSet> byTerm;
    private final EndSet ends;

    private Draft(List<PortSet> byTerm, EndSet ends) {
      this.byTerm = byTerm;
      this.ends = ends;
    }

    Draft with(int term, PortSet ports, EndSet these) {
      List<PortSet> next = new ArrayList<>(byTerm);
      next.set(term, ports);
      return new Draft(next, these);
    }

    @Override
    public PortSet surely(int term) {
      return byTerm.get(term);
    }

    @Override
    public PortSet atMost(int term) {
      return byTerm.get(term);
    }
  }

  private static List<Draft> divided(List<Draft> drafts, int term, Part by, Draft nobody) {
    List<Draft> out = new ArrayList<>();
    EndSet left = by.ends();
    for (Draft draft : drafts) {
      EndSet in = draft.ends.and(left);
      if (in.isEmpty()) {
        out.add(draft);
        continue;
      }
      out.add(draft.with(term, by.ports(), in));
      left = left.minus(in);
      EndSet rest = draft.ends.minus(in);
      if (!rest.isEmpty()) {
        out.add(new Draft(draft.byTerm, rest));
      }
    }
    if (!left.isEmpty()) {
      out.add(nobody.with(term, by.ports(), left));
    }
    return out;
  }

  /// The ends that a term matches, by the ports it gives them; a name may give each other ones.
  private List<Part> byPorts(Term term) {
    EndSet matching = EndSet.NONE;
    for (PeerTerm peer : term.peers()) {
      matching = matching.or(byPeer.computeIfAbsent(peer, this::matching));
    }
    Map<PortSet, EndSet> named = new HashMap<>();
    EndSet rest = matching;
    for (PortTerm.Name name : term.ports().names()) {
      Ints declaring = engine.inventory().kinds().declaring(name);
      for (int i = 0; i < declaring.size(); i++) {
        Kind kind = engine.inventory().kinds().get(declaring.get(i));
        BitSet ofKind = new BitSet();
        set(ofKind, byKind.getOrDefault(kind.number, Ints.NONE));
        EndSet ends = EndSet.of(ofKind).and(matching);
        if (!ends.isEmpty()) {
          named.merge(term.ports().at(kind.key.named()), ends, EndSet::or);
          rest = rest.minus(ends);
        }
      }
    }
    named.merge(term.ports().numbers(), rest, EndSet::or);
    List<Part> out = new ArrayList<>();
    named.forEach((ports, ends) -> {
      if (!ports.isNone() && !ends.isEmpty()) {
        out.add(new Part(ports, ends));
      }
    });
    return out;
  }

  private EndSet matching(PeerTerm peer) {
    return switch (peer) {
      case PeerTerm.Everyone() -> all;
      case PeerTerm.Block(IpBlock block) -> inside(block);
      case PeerTerm.Pods pods -> {
        BitSet out = new BitSet();
        engine
            .inventory()
            .kinds()
            .matching(pods)
            .forEach(kind -> set(out, byKind.getOrDefault(kind, Ints.NONE)));
        yield EndSet.of(out);
      }
    };
  }

  private EndSet inside(IpBlock block) {
    BitSet out = new BitSet();
    with(block.cidr())
        .forEach((address, ends) -> {
          if (block.contains(address)) {
            set(out, ends);
          }
        });
    return block.coversFamily() ? EndSet.of(out).or(nowhere) : EndSet.of(out); // S112
  }

  private NavigableMap<Address, Ints> with(Cidr cidr) {
    return byAddress.subMap(cidr.first(), true, cidr.last(), true);
  }

  private static void set(BitSet bits, Ints numbers) {
    for (int i = 0; i < numbers.size(); i++) {
      bits.set(numbers.get(i));
    }
  }
}
