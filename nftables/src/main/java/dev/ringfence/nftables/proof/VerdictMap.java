package dev.ringfence.nftables.proof;

import dev.ringfence.nftables.netlink.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The verdicts that a map of the kernel has for a value, as they are in each situation.
final class VerdictMap {
  private final List<Case> cases;

  /// @param how what the map says in some situations
  record Case(BitSet situations, How how) {}

  /// Where the verdict comes from.
  sealed interface How {
    /// The same for all packets; empty where the map has none.
    record Known(Optional<Verdict> verdict) implements How {}

    record Of(Lookup lookup) implements How {}
  }

  VerdictMap(List<Case> cases) {
    this.cases = List.copyOf(cases);
  }

  /// A field's values, by verdict. Disjoint, since a map has each key once.
  static final class Lookup {
    private final Field field;
    private final List<Verdict> verdicts;
    private final List<Part> parts;
    private int @Nullable [] verdictOf;

    Lookup(Field field, Map<Verdict, Part> parts) {
      this.field = field;
      this.verdicts = List.copyOf(parts.keySet());
      this.parts = verdicts.stream().map(parts::get).toList();
    }

    /// By class, the number of its verdict from 1, or 0.
    private int[] verdictOf() {
      int[] known = verdictOf;
      if (known == null) {
        known = new int[0];
        for (int i = 0; i < parts.size(); i++) {
          BitSet keys = parts.get(i).classes();
          known = Arrays.copyOf(known, Math.max(known.length, keys.length()));
          for (int at = keys.nextSetBit(0); at >= 0; at = keys.nextSetBit(at + 1)) {
            known[at] = i + 1;
          }
        }
        verdictOf = known;
      }
      return known;
    }

    void split(Region region, BiConsumer<Verdict, Region> found, Consumer<Region> missing) {
      int[] of = verdictOf();
      BitSet rest = (BitSet) region.classes(field).clone();
      List<@Nullable BitSet> hits = new ArrayList<>();
      for (int at = rest.nextSetBit(0); at >= 0 && at < of.length; at = rest.nextSetBit(at + 1)) {
        if (of[at] > 0) {
          rest.clear(at);
          while (hits.size() < of[at]) {
            hits.add(null);
          }
          BitSet hit = hits.get(of[at] - 1);
          if (hit == null) {
            hit = new BitSet();
            hits.set(of[at] - 1, hit);
          }
          hit.set(at);
        }
      }
      for (int i = 0; i < hits.size(); i++) {
        BitSet hit = hits.get(i);
        if (hit != null) {
          Verdict verdict = verdicts.get(i);
          region.within(field, hit).ifPresent(one -> found.accept(verdict, one));
        }
      }
      region.within(field, rest).ifPresent(missing);
    }
  }

  /// Every verdict that may come out.
  List<Verdict> verdicts() {
    List<Verdict> out = new ArrayList<>();
    for (Case one : cases) {
      switch (one.how()) {
        case How.Known(var verdict) -> verdict.ifPresent(out::add);
        case How.Of(var lookup) -> out.addAll(lookup.verdicts);
      }
    }
    return out;
  }

  /// Deals the region out to verdicts, and to what has none.
  void split(
      Field situation, Region region, BiConsumer<Verdict, Region> found, Consumer<Region> missing) {
    for (Case one : cases) {
      region
          .within(situation, one.situations())
          .ifPresent(here -> {
            switch (one.how()) {
              case How.Known(var verdict) ->
                  verdict.ifPresentOrElse(
                      known -> found.accept(known, here), () -> missing.accept(here));
              case How.Of(var lookup) -> lookup.split(here, found, missing);
            }
          });
    }
  }
}
