package dev.ringfence.nftables.proof;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// One condition of a rule, as it is in each situation; the cases cover all situations.
record Test(List<Case> cases) {
  Test {
    cases = List.copyOf(cases);
  }

  /// What the condition is in some situations.
  record Case(BitSet situations, How how) {}

  /// A condition on fields.
  sealed interface How {
    record Always() implements How {}

    record Never() implements How {}

    /// We cannot tell which packets meet it.
    record Unreadable(String what) implements How {}

    /// Every field is there, and all are among these, or, if `negated`, not all.
    record Fields(List<Among> all, boolean negated) implements How {
      public Fields {
        all = List.copyOf(all);
      }
    }

    /// What follows from the field's value; of values that no way has, and where the field is not
    /// there, it does not hold.
    record OneOf(Field field, List<Way> ways) implements How {
      public OneOf {
        ways = List.copyOf(ways);
      }
    }
  }

  /// For these values of a field it holds where the rest does.
  record Way(Part values, How rest) {}

  /// A field's value is among these.
  record Among(Field field, Part values) {}

  /// Takes what a region is dealt out to.
  interface Shares {
    void meets(Region region);

    void fails(Region region);

    /// Of these nobody knows.
    void unreadable(String what, Region region);
  }

  /// Deals the region out to those that meet the condition and those that do not.
  void split(Field situation, Region region, Shares shares) {
    if (cases.size() == 1) { // of all situations
      split(cases.getFirst().how(), region, shares);
      return;
    }
    for (Case one : cases) {
      region.within(situation, one.situations()).ifPresent(here -> split(one.how(), here, shares));
    }
  }

  private static void split(How how, Region region, Shares shares) {
    Consumer<Region> meets = shares::meets;
    Consumer<Region> fails = shares::fails;
    switch (how) {
      case How.Unreadable(var what) -> shares.unreadable(what, region);
      case How.Always() -> meets.accept(region);
      case How.Never() -> fails.accept(region);
      case How.Fields(var all, var negated) ->
          present(all, region, fails)
              .ifPresent(there -> {
                if (negated) {
                  among(all, there, fails, meets);
                } else {
                  among(all, there, meets, fails);
                }
              });
      case How.OneOf(var field, var ways) -> {
        Optional<Region> left = Optional.of(region);
        for (Way way : ways) {
          BitSet values = way.values().classes();
          left.flatMap(one -> one.within(field, values))
              .ifPresent(here -> split(way.rest(), here, shares));
          left = left.flatMap(one -> one.without(field, values));
        }
        left.ifPresent(fails);
      }
    }
  }

  private static Optional<Region> present(List<Among> all, Region region, Consumer<Region> fails) {
    Optional<Region> left = Optional.of(region);
    for (Among one : all) {
      if (left.isPresent() && left.get().classes(one.field()).get(Domain.LACKING)) {
        left.get().within(one.field(), LACKING).ifPresent(fails);
        left = left.get().without(one.field(), LACKING);
      }
    }
    return left;
  }

  private static final BitSet LACKING = BitSet.valueOf(new long[] {1L << Domain.LACKING});

  private static void among(
      List<Among> all, Region region, Consumer<Region> in, Consumer<Region> out) {
    Optional<Region> left = Optional.of(region);
    for (Among one : all) {
      if (left.isPresent()) {
        left.get().without(one.field(), one.values().classes()).ifPresent(out);
        left = left.get().within(one.field(), one.values().classes());
      }
    }
    left.ifPresent(in);
  }
}
