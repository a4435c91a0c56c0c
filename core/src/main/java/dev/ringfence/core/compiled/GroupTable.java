package dev.ringfence.core.compiled;

import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.compiled.NodePolicy.Admission;
import dev.ringfence.core.compiled.NodePolicy.Span;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.AddressRange;
import dev.ringfence.core.model.Cidr;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One row of the verdict table: what the rules of one group say about every peer there is.
///
/// Peers fall into few classes and addresses into few places; a cell is worked out once for each
/// pair that somebody asks for.
final class GroupTable {
  /// No known pod: nodes and everything outside.
  private static final int NOBODY = 0;

  /// A pod that nobody knows (S28).
  private static final int UNKNOWN_POD = 1;

  final GroupRules rules;

  /// The generation in which this was last used.
  long lastUsed;

  private final List<Term> terms;
  private final Kinds kinds;
  private final Places places;
  private final boolean doubtful;
  private final boolean namesMatter;
  private final List<List<Kinds.Matches>> byLabels;
  private final List<PeerClass> classes = new ArrayList<>();
  private final Map<PeerClass, Integer> classNumbers = new HashMap<>();
  private final Map<Long, PortSet> open = new HashMap<>();
  private final List<Span> spans;
  private final SharedSets shared;
  private final Map<PortSet, SharedSet> sets = new HashMap<>();
  private final Set<PortSet> lasting;
  private boolean filled;

  GroupTable(
      GroupRules rules,
      Kinds kinds,
      SharedSets shared,
      Collection<Cidr> podRanges,
      Set<Address> nodeAddresses) {
    this.rules = rules;
    this.terms = rules.all();
    this.kinds = kinds;
    this.shared = shared;
    this.doubtful = rules.doubtsUnknownPods();
    this.namesMatter = terms.stream().anyMatch(term -> !term.ports().names().isEmpty());
    this.byLabels = terms.stream().map(term -> podPeers(term, kinds)).toList();
    this.places = new Places(terms, doubtful ? podRanges : List.of(), nodeAddresses);
    List<PortSet> numbers = ports(term -> term.ports().numbers());
    number(new PeerClass(new BitSet(), numbers, numbers));
    BitSet askPods = new BitSet();
    for (int t = 0; t < terms.size(); t++) {
      askPods.set(t, terms.get(t).asksPods());
    }
    classes.add(new PeerClass(askPods, numbers, ports(term -> term.ports().atMost())));
    this.spans = spansOf();
    this.lasting = lastingPorts();
  }

  private static List<Kinds.Matches> podPeers(Term term, Kinds kinds) {
    return term.peers().stream()
        .filter(peer -> peer instanceof PeerTerm.Pods)
        .map(peer -> kinds.matching((PeerTerm.Pods) peer))
        .toList();
  }

  private List<PortSet> ports(Function<Term, PortSet> of) {
    return terms.stream().map(of).toList();
  }

  private int number(PeerClass peers) {
    Integer known = classNumbers.putIfAbsent(peers, classes.size());
    if (known != null) {
      return known;
    }
    classes.add(peers);
    return classes.size() - 1;
  }

  boolean doubtsUnknownPods() {
    return doubtful;
  }

  /// One cell.
  ///
  /// @param exempt the peer is the subject's own node and opens the connection (S95)
  Cell cell(Endpoint peer, Function<Endpoint.OfPod, Kind> kindOf, boolean exempt) {
    int place = peer.address().map(places::at).orElseGet(places::nowhere);
    return switch (peer) {
      case Endpoint.OfPod pod -> fold(classOf(kindOf.apply(pod)), place, false);
      case Endpoint.UnknownPod unknown -> fold(UNKNOWN_POD, place, false);
      case Endpoint.OfNode node -> fold(NOBODY, place, exempt);
      case Endpoint.Outside outside -> fold(NOBODY, place, false);
    };
  }

  private Cell fold(int peers, int place, boolean exempt) {
    PeerClass byLabels = classes.get(peers);
    BitSet byAddress = places.get(place).terms();
    return Fold.of(
        rules,
        new Fold.Ports() {
          @Override
          public PortSet surely(int term) {
            boolean matches =
                byAddress.get(term) || (peers != UNKNOWN_POD && byLabels.terms().get(term));
            return matches ? byLabels.ports().get(term) : PortSet.NONE;
          }

          @Override
          public PortSet atMost(int term) {
            boolean matches = byAddress.get(term) || byLabels.terms().get(term);
            return matches ? byLabels.atMost().get(term) : PortSet.NONE;
          }
        },
        exempt);
  }

  /// What may pass between the subject and peers of this class at this place.
  private PortSet open(int peers, int place) {
    return open.computeIfAbsent(
        (long) peers << 32 | place, key -> fold(peers, place, false).open());
  }

  private int classOf(Kind kind) {
    BitSet matching = new BitSet();
    for (int t = 0; t < terms.size(); t++) {
      for (Kinds.Matches peer : byLabels.get(t)) {
        if (peer.bits().get(kind.number)) {
          matching.set(t);
          break;
        }
      }
    }
    List<PortSet> ports =
        namesMatter ? ports(term -> term.ports().at(kind.key.named())) : classes.getFirst().ports();
    return number(new PeerClass(matching, ports, ports));
  }

  /// What holds at a place for whoever is no known pod.
  private PortSet openToOthers(int place) {
    return open(places.get(place).unknown() ? UNKNOWN_POD : NOBODY, place);
  }

  List<Span> spans() {
    return spans;
  }

  private List<Span> spansOf() {
    Map<PortSet, List<AddressRange>> byPorts = new HashMap<>();
    for (Places.Stretch stretch : places.stretches()) {
      PortSet ports = openToOthers(stretch.place());
      if (!ports.isNone()) {
        append(byPorts.computeIfAbsent(ports, p -> new ArrayList<>()), stretch.range());
      }
    }
    List<Span> out = new ArrayList<>();
    byPorts.forEach((ports, ranges) -> out.add(new Span(ranges, ports)));
    out.sort(Comparator.comparing(span -> span.ports().toString()));
    return List.copyOf(out);
  }

  private static void append(List<AddressRange> ranges, AddressRange next) {
    AddressRange last = ranges.isEmpty() ? null : ranges.getLast();
    if (last != null
        && last.family() == next.family()
        && last.last().next().filter(next.first()::equals).isPresent()) {
      ranges.set(ranges.size() - 1, new AddressRange(last.first(), next.last()));
    } else {
      ranges.add(next);
    }
  }

  /// The peer sets of this group: those that its definition gives, and any other with members.
  List<Admission> admissions(Claims claims, Map<String, NodePolicy.PeerSet> into) {
    fill(claims);
    List<Admission> out = new ArrayList<>();
    sets.forEach((ports, set) -> {
      NodePolicy.PeerSet published = set.publish();
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
    if (onePortSet().isPresent() && sets.values().stream().allMatch(set -> set.filled)) {
      return;
    }
    BitSet candidates = candidates();
    for (int k = candidates.nextSetBit(0); k >= 0; k = candidates.nextSetBit(k + 1)) {
      Kind kind = kinds.get(k);
      int peers = kind.members.isEmpty() ? NOBODY : classOf(kind);
      for (Member member : kind.members) {
        for (Address address : claims.ownedBy(member)) {
          PortSet ports = listed(peers, address);
          if (ports != null) {
            set(ports).add(address);
          }
        }
      }
    }
    sets.values().forEach(set -> set.filled = true);
  }

  /// The kinds whose pods may be judged otherwise than whoever else has their address.
  private BitSet candidates() {
    BitSet out = new BitSet();
    if (doubtful) {
      out.set(0, kinds.size());
      return out;
    }
    byLabels.forEach(peers -> peers.forEach(peer -> out.or(peer.bits())));
    for (Term term : terms) {
      for (PortTerm.Name name : term.ports().names()) {
        Ints declaring = kinds.declaring(name);
        for (int at = 0; at < declaring.size(); at++) {
          out.set(declaring.get(at));
        }
      }
    }
    return out;
  }

  /// The ports of the set that an address of a pod belongs to; null where its span says it all.
  private @Nullable PortSet listed(int peers, Address address) {
    int place = places.at(address);
    PortSet ports = open(peers, place);
    return ports.equals(openToOthers(place)) ? null : ports;
  }

  /// The owner of an address changed, or went (null), or came.
  void touch(Address address, @Nullable Member owner) {
    if (!filled) {
      return;
    }
    PortSet ports = owner == null ? null : listed(classOf(owner.kind), address);
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

  Collection<SharedSet> sharedSets() {
    return Collections.unmodifiableCollection(sets.values());
  }

  /// Port sets whose peers have a set whether there are any or not: those of a single term.
  private Set<PortSet> lastingPorts() {
    Map<String, PortSet> out = new TreeMap<>();
    int elsewhere = places.outsideBlocks();
    for (int t = 0; t < terms.size(); t++) {
      if (terms.get(t).asksPods() && !namesMatter) {
        BitSet only = new BitSet();
        only.set(t);
        List<PortSet> numbers = classes.getFirst().ports();
        PortSet ports = open(number(new PeerClass(only, numbers, numbers)), elsewhere);
        if (!ports.equals(openToOthers(elsewhere))) {
          out.put(ports.toString(), ports);
        }
      }
    }
    return Set.copyOf(out.values());
  }

  /// The ports, where all rules agree on them; then the peers alone define the set.
  private Optional<Term> onePortSet() {
    boolean one =
        rules.admin().isEmpty()
            && rules.baseline().isEmpty()
            && rules.allow().size() == 1
            && !namesMatter;
    return one ? Optional.of(rules.allow().getFirst()) : Optional.empty();
  }

  private String definition(PortSet ports) {
    return onePortSet()
        .map(term -> "peers " + Term.text(term.peers()))
        .orElseGet(() -> rules + "open " + ports);
  }

  private String meaning(PortSet ports) {
    String peers =
        String.join(
            " | ",
            terms.stream()
                .flatMap(term -> term.peers().stream())
                .filter(peer -> peer instanceof PeerTerm.Pods)
                .map(PeerTerm::toString)
                .distinct()
                .toList());
    return onePortSet().isPresent() ? peers : "open at " + ports + " of: " + peers;
  }
}
