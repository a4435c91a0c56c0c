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
  private final BitSet all = new BitSet();
  private final BitSet nowhere = new BitSet();
  private final Map<Integer, Ints> byKind = new HashMap<>();
  private final NavigableMap<Address, Ints> byAddress = new TreeMap<>();
  private final Map<PeerTerm, BitSet> byPeer = new HashMap<>();
  private final Map<GroupRules, Row> rows = new HashMap<>();
  private final Row free;

  /// @param ends pods and nodes, numbered by their place
  Rows(CompiledPolicy policy, PolicyEngine engine, List<Endpoint> ends) {
    this.policy = policy;
    this.engine = engine;
    for (int i = 0; i < ends.size(); i++) {
      Endpoint end = ends.get(i);
      all.set(i);
      if (end.address().isPresent()) {
        byAddress.computeIfAbsent(end.address().get(), a -> new Ints()).add(i);
      } else {
        nowhere.set(i);
      }
      if (end instanceof Endpoint.OfPod(Pod pod, var at)) {
        int kind = engine.inventory().kind(pod).number;
        byKind.computeIfAbsent(kind, k -> new Ints()).add(i);
      }
    }
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
    List<Draft> drafts = List.of(new Draft(Collections.nCopies(terms.size(), PortSet.NONE), all));
    for (int t = 0; t < terms.size(); t++) {
      for (Part ports : byPorts(terms.get(t))) {
        drafts = divided(drafts, t, ports);
      }
    }
    Map<PortSet, BitSet> parts = new HashMap<>();
    for (Draft draft : drafts) {
      PortSet open = open(rules, draft);
      if (!open.isNone()) {
        parts.computeIfAbsent(open, p -> new BitSet()).or(draft.ends);
      }
    }
    List<Part> out = new ArrayList<>();
    parts.forEach((ports, ends) -> out.add(new Part(ports, ends)));
    return new Row(out, spans(rules), byAddress(terms));
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

  /// Where no rule names addresses, everybody outside has what everyone has.
  private List<Span> spans(GroupRules rules) {
    if (!rules.admin().isEmpty()
        || !rules.baseline().isEmpty()
        || rules.allow().stream().anyMatch(Rows::namesAddresses)) {
      return engine.table(rules).spans();
    }
    PortSet out = PortSet.NONE;
    for (Term term : rules.allow()) {
      out = term.isAboutEveryone() ? out.union(term.ports().numbers()) : out;
    }
    return out.isNone() ? List.of() : List.of(new Span(EVERYWHERE, out));
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
    private final BitSet ends;

    private Draft(List<PortSet> byTerm, BitSet ends) {
      this.byTerm = byTerm;
      this.ends = ends;
    }

    Draft with(int term, PortSet ports, BitSet these) {
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

  private static List<Draft> divided(List<Draft> drafts, int term, Part by) {
    List<Draft> out = new ArrayList<>();
    for (Draft draft : drafts) {
      if (!draft.ends.intersects(by.ends())) {
        out.add(draft);
        continue;
      }
      BitSet in = copy(draft.ends);
      in.and(by.ends());
      out.add(draft.with(term, by.ports(), in));
      if (in.cardinality() < draft.ends.cardinality()) {
        BitSet rest = copy(draft.ends);
        rest.andNot(by.ends());
        out.add(new Draft(draft.byTerm, rest));
      }
    }
    return out;
  }

  /// The ends that a term matches, by the ports it gives them; a name may give each other ones.
  private List<Part> byPorts(Term term) {
    BitSet rest = new BitSet();
    term.peers().forEach(peer -> rest.or(byPeer.computeIfAbsent(peer, this::matching)));
    Map<PortSet, BitSet> named = new HashMap<>();
    for (PortTerm.Name name : term.ports().names()) {
      Ints declaring = engine.inventory().kinds().declaring(name);
      for (int i = 0; i < declaring.size(); i++) {
        Kind kind = engine.inventory().kinds().get(declaring.get(i));
        BitSet ends = new BitSet();
        set(ends, byKind.getOrDefault(kind.number, Ints.NONE));
        ends.and(rest);
        if (!ends.isEmpty()) {
          named.computeIfAbsent(term.ports().at(kind.key.named()), p -> new BitSet()).or(ends);
        }
      }
    }
    named.values().forEach(rest::andNot);
    named.computeIfAbsent(term.ports().numbers(), p -> new BitSet()).or(rest);
    List<Part> out = new ArrayList<>();
    named.forEach((ports, ends) -> {
      if (!ports.isNone() && !ends.isEmpty()) {
        out.add(new Part(ports, ends));
      }
    });
    return out;
  }

  private BitSet matching(PeerTerm peer) {
    return switch (peer) {
      case PeerTerm.Everyone() -> all;
      case PeerTerm.Block(IpBlock block) -> inside(block);
      case PeerTerm.Pods pods -> {
        BitSet out = new BitSet();
        BitSet kinds = engine.inventory().kinds().matching(pods).bits();
        for (int k = kinds.nextSetBit(0); k >= 0; k = kinds.nextSetBit(k + 1)) {
          set(out, byKind.getOrDefault(k, Ints.NONE));
        }
        yield out;
      }
    };
  }

  private BitSet inside(IpBlock block) {
    BitSet out = new BitSet();
    with(block.cidr())
        .forEach((address, ends) -> {
          if (block.contains(address)) {
            set(out, ends);
          }
        });
    if (block.coversFamily()) {
      out.or(nowhere); // S112
    }
    return out;
  }

  private NavigableMap<Address, Ints> with(Cidr cidr) {
    return byAddress.subMap(cidr.first(), true, cidr.last(), true);
  }

  private static void set(BitSet bits, Ints numbers) {
    for (int i = 0; i < numbers.size(); i++) {
      bits.set(numbers.get(i));
    }
  }

  private static BitSet copy(BitSet of) {
    return (BitSet) of.clone();
  }
}
