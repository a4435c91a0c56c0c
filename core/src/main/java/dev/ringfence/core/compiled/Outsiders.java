package dev.ringfence.core.compiled;

import dev.ringfence.core.compiled.NodePolicy.Span;
import dev.ringfence.core.model.AddressRange;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the rules of one group say about whoever is no known pod: nodes, everything outside, and
/// pods that nobody knows of (S28).
final class Outsiders {
  private final GroupRules rules;
  private final List<Term> terms;
  private final Places places;
  private final Map<Integer, PortSet> open = new HashMap<>();

  Outsiders(GroupRules rules, Places places) {
    this.rules = rules;
    this.terms = rules.all();
    this.places = places;
  }

  /// What may pass at a place.
  PortSet open(int place) {
    return open.computeIfAbsent(
        place, p -> cell(places.get(p), places.get(p).unknown(), false).open());
  }

  /// @param unknown whether it is an unknown pod
  /// @param exempt the peer is the subject's own node and opens the connection (S95)
  Cell cell(Places.Place place, boolean unknown, boolean exempt) {
    BitSet byAddress = place.terms();
    return Fold.of(
        rules,
        new Fold.Ports() {
          @Override
          public PortSet surely(int term) {
            return byAddress.get(term) ? terms.get(term).ports().numbers() : PortSet.NONE;
          }

          @Override
          public PortSet atMost(int term) {
            return unknown && (byAddress.get(term) || terms.get(term).asksPods())
                ? terms.get(term).ports().atMost()
                : surely(term);
          }
        },
        exempt);
  }

  /// Whoever is in no peer set, by address; nobody else has anything.
  List<Span> spans() {
    Map<PortSet, List<AddressRange>> byPorts = new HashMap<>();
    for (Places.Stretch stretch : places.stretches()) {
      PortSet ports = open(stretch.place());
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
}
