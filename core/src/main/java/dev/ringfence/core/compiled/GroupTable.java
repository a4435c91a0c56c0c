package dev.ringfence.core.compiled;

import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.compiled.NodePolicy.Span;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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

  /// How many of them use its sets.
  int holders;

  private @Nullable SortedMap<PeerTerm.Pods, PortSet> selectors;
  private final Map<Long, PortSet> open = new HashMap<>();
  private final Outsiders outsiders;
  private final List<Span> spans;
  private final GroupSets sets;

  GroupTable(GroupRules rules, Kinds kinds, SharedSets shared, Network network) {
    this.rules = rules;
    this.classes = new PeerClasses(rules.all(), kinds);
    this.places = Places.of(rules, network);
    this.outsiders = new Outsiders(rules, places);
    this.spans = outsiders.spans();
    this.sets = new GroupSets(this, kinds, shared);
  }

  /// One cell.
  ///
  /// @param exempt the peer is the subject's own node and opens the connection (S95)
  Cell cell(Endpoint peer, Function<Endpoint.OfPod, Kind> kindOf, boolean exempt) {
    int place = peer.address().map(places::at).orElseGet(places::nowhere);
    return switch (peer) {
      case Endpoint.OfPod pod -> fold(classes.of(kindOf.apply(pod)), place);
      case Endpoint.UnknownPod unknown -> outsiders.cell(places.get(place), true, false);
      case Endpoint.OfNode node -> outsiders.cell(places.get(place), false, exempt);
      case Endpoint.Outside outside -> outsiders.cell(places.get(place), false, false);
    };
  }

  private Cell fold(int peers, int place) {
    PeerClass byLabels = classes.get(peers);
    BitSet byAddress = places.get(place).terms();
    return Fold.of(
        rules,
        new Fold.Ports() {
          @Override
          public PortSet surely(int term) {
            return byLabels.terms().get(term) || byAddress.get(term)
                ? byLabels.ports().get(term)
                : PortSet.NONE;
          }

          @Override
          public PortSet atMost(int term) {
            return surely(term);
          }
        },
        false);
  }

  /// What may pass between the subject and pods of this class at this place.
  PortSet open(int peers, int place) {
    return open.computeIfAbsent((long) peers << 32 | place, key -> fold(peers, place).open());
  }

  /// What may pass at a place for whoever is no known pod.
  PortSet openToOthers(int place) {
    return outsiders.open(place);
  }

  /// Whoever is in no peer set, by address; nobody else has anything.
  List<Span> spans() {
    return spans;
  }

  /// As [GroupRules#selectors], worked out once.
  SortedMap<PeerTerm.Pods, PortSet> selectors() {
    if (selectors == null) {
      selectors = rules.selectors();
    }
    return selectors;
  }

  GroupSets sets() {
    return sets;
  }
}
