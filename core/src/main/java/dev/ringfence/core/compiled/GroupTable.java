package dev.ringfence.core.compiled;

import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.compiled.NodePolicy.Span;
import dev.ringfence.core.model.AddressRange;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// One row of the verdict table: what the rules of one group say about every peer there is.
///
/// Peers fall into few classes and addresses into few places; a cell is worked out once for each
/// pair that somebody asks for.
final class GroupTable {
  final GroupRules rules;
  final PeerClasses classes;
  final Places places;

  /// The generation in which this was last used.
  long lastUsed;

  /// How many groups of nodes it stands for.
  int users;

  private final Map<Long, PortSet> open = new HashMap<>();
  private final List<Span> spans;
  private final GroupSets sets;

  GroupTable(GroupRules rules, Kinds kinds, SharedSets shared, Network network) {
    this.rules = rules;
    this.classes = new PeerClasses(rules.all(), kinds);
    this.places =
        new Places(
            rules.all(),
            rules.doubtsUnknownPods() ? network.podCidrs() : List.of(),
            network.addresses());
    this.spans = spansOf();
    this.sets = new GroupSets(this, kinds, shared);
  }

  /// One cell.
  ///
  /// @param exempt the peer is the subject's own node and opens the connection (S95)
  Cell cell(Endpoint peer, Function<Endpoint.OfPod, Kind> kindOf, boolean exempt) {
    int place = peer.address().map(places::at).orElseGet(places::nowhere);
    return switch (peer) {
      case Endpoint.OfPod pod -> fold(classes.of(kindOf.apply(pod)), place, false);
      case Endpoint.UnknownPod unknown -> fold(PeerClasses.UNKNOWN_POD, place, false);
      case Endpoint.OfNode node -> fold(PeerClasses.NOBODY, place, exempt);
      case Endpoint.Outside outside -> fold(PeerClasses.NOBODY, place, false);
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
            boolean labels = peers != PeerClasses.UNKNOWN_POD && byLabels.terms().get(term);
            return labels || byAddress.get(term) ? byLabels.ports().get(term) : PortSet.NONE;
          }

          @Override
          public PortSet atMost(int term) {
            boolean labels = byLabels.terms().get(term);
            return labels || byAddress.get(term) ? byLabels.atMost().get(term) : PortSet.NONE;
          }
        },
        exempt);
  }

  /// What may pass between the subject and peers of this class at this place.
  PortSet open(int peers, int place) {
    return open.computeIfAbsent(
        (long) peers << 32 | place, key -> fold(peers, place, false).open());
  }

  /// What may pass at a place for whoever is no known pod.
  PortSet openToOthers(int place) {
    boolean unknown = places.get(place).unknown();
    return open(unknown ? PeerClasses.UNKNOWN_POD : PeerClasses.NOBODY, place);
  }

  /// Whoever is in no peer set, by address; nobody else has anything.
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

  GroupSets sets() {
    return sets;
  }
}
