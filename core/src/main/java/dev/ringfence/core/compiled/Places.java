package dev.ringfence.core.compiled;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.AddressRange;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Family;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// The address space of both families, cut at every edge that the terms of one group know.
///
/// Two addresses of one place are in the same blocks of the same terms; places are numbered.
final class Places {
  /// Where an address is.
  ///
  /// @param terms the terms that match it by address, those about everyone included
  /// @param unknown in a range for pods, and no node's own: whoever has it and is no pod we know of
  ///   is an unknown pod (S28); told apart only where that matters
  record Place(BitSet terms, boolean unknown) {}

  /// Where the intervals of one family start, ascending, and the place of each.
  private record Cuts(List<Address> from, List<Integer> place) {}

  /// An elementary interval.
  record Stretch(AddressRange range, int place) {}

  private final List<Term> terms;
  private final List<Place> places = new ArrayList<>();
  private final Map<Place, Integer> numbers = new HashMap<>();
  private final Map<Family, Cuts> cuts = new EnumMap<>(Family.class);
  private final int unknownAddress;
  private final int outsideBlocks;

  static Places of(GroupRules rules, Network network) {
    return rules.doubtsUnknownPods()
        ? new Places(rules.all(), network.podCidrs(), network.addresses())
        : new Places(rules.all(), List.of(), Set.of());
  }

  private Places(List<Term> terms, Collection<Cidr> podRanges, Set<Address> nodes) {
    this.terms = terms;
    for (Family family : Family.values()) {
      cut(family, podRanges, nodes);
    }
    this.unknownAddress = number(new Place(unknownAddress(), false));
    this.outsideBlocks = number(new Place(everyone(), false));
  }

  private void cut(Family family, Collection<Cidr> podRanges, Set<Address> nodes) {
    List<Address> from = edges(family, podRanges, nodes);
    List<BitSet> byTerm = new ArrayList<>();
    for (Term term : terms) {
      BitSet intervals = new BitSet();
      for (PeerTerm peer : term.peers()) {
        intervals.or(intervals(peer, family, from));
      }
      byTerm.add(intervals);
    }
    BitSet unknown = new BitSet();
    podRanges.forEach(range -> set(unknown, range, family, from, true));
    nodes.forEach(node -> set(unknown, Cidr.only(node), family, from, false));
    List<Integer> place = new ArrayList<>();
    for (int i = 0; i < from.size(); i++) {
      BitSet here = new BitSet();
      for (int t = 0; t < terms.size(); t++) {
        here.set(t, byTerm.get(t).get(i));
      }
      place.add(number(new Place(here, unknown.get(i))));
    }
    cuts.put(family, new Cuts(from, List.copyOf(place)));
  }

  private List<Address> edges(Family family, Collection<Cidr> podRanges, Set<Address> nodes) {
    Set<Address> edges = new TreeSet<>();
    edges.add(AddressRange.all(family).first());
    for (Term term : terms) {
      for (PeerTerm peer : term.peers()) {
        if (peer instanceof PeerTerm.Block(var block)) {
          edge(edges, family, block.cidr());
          block.except().forEach(hole -> edge(edges, family, hole));
        }
      }
    }
    podRanges.forEach(range -> edge(edges, family, range));
    if (!podRanges.isEmpty()) {
      nodes.forEach(node -> edge(edges, family, Cidr.only(node)));
    }
    return List.copyOf(edges);
  }

  private static void edge(Set<Address> edges, Family family, Cidr cidr) {
    if (cidr.family() == family) {
      edges.add(cidr.first());
      cidr.last().next().ifPresent(edges::add);
    }
  }

  /// The intervals that a peer covers by address alone.
  private static BitSet intervals(PeerTerm peer, Family family, List<Address> from) {
    BitSet out = new BitSet();
    switch (peer) {
      case PeerTerm.Everyone() -> out.set(0, from.size());
      case PeerTerm.Pods pods -> {}
      case PeerTerm.Block(var block) -> {
        set(out, block.cidr(), family, from, true);
        block.except().forEach(hole -> set(out, hole, family, from, false));
      }
    }
    return out;
  }

  private static void set(BitSet bits, Cidr cidr, Family family, List<Address> from, boolean to) {
    if (cidr.family() == family) {
      int first = Collections.binarySearch(from, cidr.first());
      int end = cidr.last().next().map(next -> Collections.binarySearch(from, next)).orElse(-1);
      if (first >= 0) {
        bits.set(first, end < 0 ? from.size() : end, to);
      }
    }
  }

  /// The terms that match an address nobody knows (S112).
  private BitSet unknownAddress() {
    BitSet out = everyone();
    for (int t = 0; t < terms.size(); t++) {
      boolean family =
          terms.get(t).peers().stream()
              .anyMatch(peer -> peer instanceof PeerTerm.Block(var block) && block.coversFamily());
      out.set(t, out.get(t) || family);
    }
    return out;
  }

  private BitSet everyone() {
    BitSet out = new BitSet();
    for (int t = 0; t < terms.size(); t++) {
      out.set(t, terms.get(t).peers().contains(new PeerTerm.Everyone()));
    }
    return out;
  }

  private int number(Place place) {
    Integer known = numbers.putIfAbsent(place, places.size());
    if (known != null) {
      return known;
    }
    places.add(place);
    return places.size() - 1;
  }

  Place get(int number) {
    return places.get(number);
  }

  int at(Address address) {
    Cuts of = of(address.family());
    int found = Collections.binarySearch(of.from(), address);
    return of.place().get(found >= 0 ? found : -found - 2);
  }

  private Cuts of(Family family) {
    return Objects.requireNonNull(cuts.get(family));
  }

  /// The place of an address that nobody knows.
  int nowhere() {
    return unknownAddress;
  }

  /// The place of an address that is in no block, whether there is one or not.
  int outsideBlocks() {
    return outsideBlocks;
  }

  /// All of the space, in ascending order.
  List<Stretch> stretches() {
    List<Stretch> out = new ArrayList<>();
    for (Family family : Family.values()) {
      List<Address> from = of(family).from();
      for (int i = 0; i < from.size(); i++) {
        Address last =
            i + 1 < from.size()
                ? from.get(i + 1).previous().orElseThrow()
                : AddressRange.all(family).last();
        out.add(new Stretch(new AddressRange(from.get(i), last), of(family).place().get(i)));
      }
    }
    return out;
  }
}
