package dev.ringfence.core.answer;

import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.compiled.CompiledPolicy;
import dev.ringfence.core.compiled.NodePolicy.Span;
import dev.ringfence.core.compiled.Row;
import dev.ringfence.core.compiled.Rows;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.Family;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Who of many units may open what to whom (S271).
///
/// Each side's row comes for a whole group at once; a pair is looked at only where both sides let
/// something through. Units meet in the families they have in common, one whose address nobody
/// knows in any (S112, S119). Two nodes never meet: no policy is about them (S3).
final class Grid {
  private final CompiledPolicy policy;
  private final List<Unit> units;
  private final List<Endpoint> ends = new ArrayList<>();
  private final int[] unitOf;
  private final int[] firstEnd;
  private final BitSet pods = new BitSet();
  private final Map<Family, BitSet> ofFamily = new EnumMap<>(Family.class);
  private final int[] families;
  private final Map<String, BitSet> atNode = new HashMap<>();
  private final Interned ports = new Interned();
  private final Openings openings = new Openings(ports);
  private final Half egress;
  private final Half ingress;

  Grid(CompiledPolicy policy, List<Unit> units) {
    this.policy = policy;
    this.units = List.copyOf(units);
    this.families = units.stream().mapToInt(Unit::families).toArray();
    this.firstEnd = new int[units.size() + 1];
    for (int u = 0; u < units.size(); u++) {
      ends.addAll(units.get(u).ends());
      firstEnd[u + 1] = ends.size();
    }
    this.unitOf = new int[ends.size()];
    for (int u = 0; u < units.size(); u++) {
      for (int e = firstEnd[u]; e < firstEnd[u + 1]; e++) {
        index(e, u);
      }
    }
    Rows rows = policy.rows(ends);
    this.egress = new Half(rows, Direction.EGRESS, ends, ports);
    this.ingress = new Half(rows, Direction.INGRESS, ends, ports);
  }

  private void index(int end, int unit) {
    unitOf[end] = unit;
    pods.set(end, units.get(unit).isPod());
    for (Family family : Family.values()) {
      boolean any = ends.get(end).address().isEmpty();
      boolean same = any || ends.get(end).address().get().family() == family;
      ofFamily.computeIfAbsent(family, f -> new BitSet()).set(end, same);
    }
    units
        .get(unit)
        .asNode()
        .or(() -> units.get(unit).onNode())
        .ifPresent(node -> atNode.computeIfAbsent(node, n -> new BitSet()).set(end));
  }

  List<Unit> units() {
    return units;
  }

  /// What a unit's own side lets through to or from addresses that nobody has.
  List<Span> outside(Direction direction, int unit) {
    return half(direction).rows.get(firstEnd[unit]).outside();
  }

  /// Units whose answers may be others once somebody knows their addresses.
  BitSet doubtful() {
    BitSet found = Doubts.of(ends, egress, ingress, ports);
    BitSet out = new BitSet();
    for (int end = found.nextSetBit(0); end >= 0; end = found.nextSetBit(end + 1)) {
      out.set(unitOf[end]);
    }
    return out;
  }

  private Half half(Direction direction) {
    return direction == Direction.EGRESS ? egress : ingress;
  }

  /// One unit and everyone it may reach, or who may reach it. Valid only while it is visited.
  final class Line {
    /// Of each peer the number of a port set: over IPv4, over IPv6, where nobody knows addresses.
    private final int[][] found = new int[3][units.size()];

    private final BitSet peers = new BitSet();
    private int unit;

    int unit() {
      return unit;
    }

    /// Those with something open. Not to be changed.
    BitSet peers() {
      return peers;
    }

    List<Opening> to(int peer) {
      return openings.of(
          found[0][peer], found[1][peer], found[2][peer], families[unit], families[peer]);
    }

    private void put(int end, int peer, int number) {
      int slot =
          ends.get(end)
              .address()
              .or(ends.get(peer)::address)
              .map(address -> address.family() == Family.IPV4 ? 0 : 1)
              .orElse(2);
      found[slot][unitOf[peer]] = number;
      peers.set(unitOf[peer]);
    }

    private void clear() {
      for (int p = peers.nextSetBit(0); p >= 0; p = peers.nextSetBit(p + 1)) {
        for (int[] slot : found) {
          slot[p] = Interned.NONE;
        }
      }
      peers.clear();
    }
  }

  /// Visits the lines of these units, in order.
  ///
  /// @param direction EGRESS for what they may open, INGRESS for who may open what to them
  void lines(Direction direction, BitSet subjects, Consumer<Line> visitor) {
    Half own = half(direction);
    Half.Admitting admitting =
        half(direction == Direction.EGRESS ? Direction.INGRESS : Direction.EGRESS).admitting();
    Line line = new Line();
    for (int u = subjects.nextSetBit(0); u >= 0; u = subjects.nextSetBit(u + 1)) {
      line.unit = u;
      for (int end = firstEnd[u]; end < firstEnd[u + 1]; end++) {
        BitSet candidates = admitting.of(end);
        candidates.and(meetable(end));
        fill(line, own, admitting.half(), end, candidates);
        exempt(line, direction, end);
      }
      visitor.accept(line);
      line.clear();
    }
  }

  /// Ends that are of the same family, of which one is a pod.
  private BitSet meetable(int end) {
    BitSet out = new BitSet();
    if (ends.get(end).address().isPresent()) {
      out.or(ofFamily.getOrDefault(ends.get(end).address().get().family(), new BitSet()));
    } else {
      out.set(0, ends.size());
    }
    if (!pods.get(end)) {
      out.and(pods);
    }
    return out;
  }

  private void fill(Line line, Half own, Half other, int end, BitSet candidates) {
    Row row = own.rows.get(end);
    int[] numbers = own.numbers(end);
    for (int i = 0; i < numbers.length; i++) {
      BitSet here = row.parts().get(i).ends().toBitSet();
      here.and(candidates);
      for (int peer = here.nextSetBit(0); peer >= 0; peer = here.nextSetBit(peer + 1)) {
        int both = ports.common(numbers[i], other.ports(peer, end));
        if (both != Interned.NONE) {
          line.put(end, peer, both);
        }
      }
    }
  }

  /// A node opens to its own pods whatever isolates them (S95).
  private void exempt(Line line, Direction direction, int end) {
    Unit unit = units.get(unitOf[end]);
    boolean opens = direction == Direction.EGRESS;
    if (unit.isPod() == opens) {
      return;
    }
    BitSet here = meetable(end);
    here.and(atNode.getOrDefault(unit.asNode().or(unit::onNode).orElse(""), new BitSet()));
    if (unit.isPod()) {
      here.andNot(pods);
    }
    for (int peer = here.nextSetBit(0); peer >= 0; peer = here.nextSetBit(peer + 1)) {
      Endpoint from = ends.get(opens ? end : peer);
      Endpoint to = ends.get(opens ? peer : end);
      int number = ports.number(policy.allowed(from, to));
      if (number != Interned.NONE) {
        line.put(end, peer, number);
      }
    }
  }
}
