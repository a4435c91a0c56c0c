package dev.ringfence.core.answer;

import dev.ringfence.core.answer.Connection.Where;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.compiled.CompiledPolicy;
import dev.ringfence.core.compiled.NodePolicy.Span;
import dev.ringfence.core.compiled.PolicyEngine;
import dev.ringfence.core.model.AddressRange;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.Policies;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Everything that may talk to everything, by workload (formats.md, list).
///
/// Worked out class by class on the compiled policy and handed out one connection at a time, so
/// that no answer is too large. Start at [#connections].
public final class Connectivity {
  private final Grid grid;
  private final OutsideSpace space;
  private final Map<SpansOf, List<Opened>> opened = new HashMap<>();

  private record SpansOf(List<Span> spans, int families) {}

  /// A port set and the addresses outside that have it.
  private record Opened(Where.Outside outside, Opening opening) {}

  private Connectivity(Grid grid, OutsideSpace space) {
    this.grid = grid;
    this.space = space;
  }

  /// The connectivity of this cluster under these policies.
  public static Connectivity of(Policies policies, Snapshot now, ConnectivityOptions options) {
    CompiledPolicy compiled = PolicyEngine.compile(policies, now);
    List<Unit> units = Census.units(policies, now, compiled, options);
    return new Connectivity(new Grid(compiled, units), new OutsideSpace(now));
  }

  /// Everyone who may appear in a connection, sorted by id.
  public List<Party> parties() {
    return grid.units().stream().map(Unit::party).toList();
  }

  /// Those of whom more may be allowed than is listed: nobody knows their addresses, and an
  /// `ipBlock` might match the ones they get (S112).
  public List<Party> doubtful() {
    return grid.doubtful().stream().mapToObj(unit -> grid.units().get(unit).party()).toList();
  }

  /// Those who appear in a connection that is wanted, or are among `always`.
  public List<Party> parties(Wanted wanted, Predicate<Party> always) {
    Set<Party> appearing = new HashSet<>();
    connections(
        wanted,
        one -> {
          for (Where end : List.of(one.from(), one.to())) {
            if (end instanceof Where.Inside(Party party)) {
              appearing.add(party);
            }
          }
        });
    return parties().stream()
        .filter(party -> always.test(party) || appearing.contains(party))
        .toList();
  }

  /// Hands out every connection that is wanted, sorted by from, then to, outside last.
  public void connections(Wanted wanted, Consumer<Connection> each) {
    BitSet to = those(wanted.to());
    List<BitSet> touching = wanted.touching().stream().map(this::those).toList();
    grid.lines(
        Direction.EGRESS,
        those(wanted.from()),
        line -> {
          Where.Inside from = inside(line.unit());
          BitSet peers = (BitSet) line.peers().clone();
          peers.and(to);
          for (BitSet one : touching) {
            if (!one.get(line.unit())) {
              peers.and(one);
            }
          }
          if (!wanted.self() || from.party().replicas() < 2) {
            peers.clear(line.unit());
          }
          for (int peer = peers.nextSetBit(0); peer >= 0; peer = peers.nextSetBit(peer + 1)) {
            for (Opening opening : line.to(peer)) {
              if (wanted.ports().test(opening.ports())) {
                each.accept(new Connection(from, inside(peer), opening));
              }
            }
          }
          for (Opened one : outside(Direction.EGRESS, line.unit())) {
            hand(wanted, new Connection(from, one.outside(), one.opening()), each);
          }
        });
    fromOutside(wanted, to, each);
  }

  private void fromOutside(Wanted wanted, BitSet to, Consumer<Connection> each) {
    List<Connection> out = new ArrayList<>();
    for (int unit = to.nextSetBit(0); unit >= 0; unit = to.nextSetBit(unit + 1)) {
      for (Opened one : outside(Direction.INGRESS, unit)) {
        out.add(new Connection(one.outside(), inside(unit), one.opening()));
      }
    }
    out.sort(
        Comparator.comparing(one -> ((Where.Outside) one.from()).ranges(), Connectivity::order));
    out.forEach(one -> hand(wanted, one, each));
  }

  private static void hand(Wanted wanted, Connection one, Consumer<Connection> each) {
    if (wanted.from().test(one.from())
        && wanted.to().test(one.to())
        && wanted.touching().stream().allMatch(by -> by.test(one.from()) || by.test(one.to()))
        && wanted.ports().test(one.opening().ports())) {
      each.accept(one);
    }
  }

  private Where.Inside inside(int unit) {
    return new Where.Inside(grid.units().get(unit).party());
  }

  private BitSet those(Predicate<Where> wanted) {
    BitSet out = new BitSet();
    for (int unit = 0; unit < grid.units().size(); unit++) {
      out.set(unit, wanted.test(inside(unit)));
    }
    return out;
  }

  /// What a pod may open to or accept from addresses that nobody has; nothing, of a node (S3).
  private List<Opened> outside(Direction direction, int unit) {
    Unit of = grid.units().get(unit);
    if (!of.isPod()) {
      return List.of();
    }
    return opened.computeIfAbsent(
        new SpansOf(grid.outside(direction, unit), of.families()), spans -> opened(of, spans));
  }

  private List<Opened> opened(Unit unit, SpansOf of) {
    List<Opened> out = new ArrayList<>();
    for (Span span : of.spans()) {
      List<AddressRange> ranges = new ArrayList<>();
      for (AddressRange range : span.ranges()) {
        if (unit.has(range.family()) && space.hasSome(range)) {
          ranges.add(range);
        }
      }
      if (!ranges.isEmpty()) {
        out.add(new Opened(new Where.Outside(ranges), new Opening(span.ports(), List.of())));
      }
    }
    out.sort(Comparator.comparing(one -> one.outside().ranges(), Connectivity::order));
    return List.copyOf(out);
  }

  private static int order(List<AddressRange> a, List<AddressRange> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      int byRange = a.get(i).compareTo(b.get(i));
      if (byRange != 0) {
        return byRange;
      }
    }
    return Integer.compare(a.size(), b.size());
  }
}
