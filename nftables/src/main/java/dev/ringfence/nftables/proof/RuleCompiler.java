package dev.ringfence.nftables.proof;

import dev.ringfence.core.model.Address;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.Expression;
import dev.ringfence.nftables.netlink.Expression.ConnectionKey;
import dev.ringfence.nftables.netlink.Expression.MetaKey;
import dev.ringfence.nftables.netlink.Expression.Operator;
import dev.ringfence.nftables.netlink.Verdict;
import dev.ringfence.nftables.proof.CompiledRule.Ending;
import dev.ringfence.nftables.proof.Registers.Operand;
import dev.ringfence.nftables.proof.Test.Among;
import dev.ringfence.nftables.proof.Test.Case;
import dev.ringfence.nftables.proof.Test.How;
import dev.ringfence.nftables.proof.Test.Way;
import dev.ringfence.nftables.table.SetContent;
import dev.ringfence.nftables.table.TableContent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Turns one rule into conditions on fields.
final class RuleCompiler {
  private static final int WORD = 4;

  private final Traffic traffic;
  private final TableContent table;
  private final JoinedKeys.All joined;
  private final Registers registers = new Registers();
  private final List<Test> tests = new ArrayList<>();

  /// The situations that no condition so far rules out; in the others nothing more is looked at.
  private final BitSet reached;

  private Ending ending = new Ending.Nothing();
  private boolean sometimes;

  /// That the packet has what was loaded last, until a condition on the same register says so.
  private Optional<Loaded> loaded = Optional.empty();

  private RuleCompiler(Traffic traffic, TableContent table, JoinedKeys.All joined) {
    this.traffic = traffic;
    this.table = table;
    this.joined = joined;
    this.reached = (BitSet) traffic.space().situations().clone();
  }

  private record Loaded(int slot, Test present) {}

  /// Something that we do not know the meaning of.
  private static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1;

    Unreadable(String what) {
      super(what);
    }
  }

  static CompiledRule of(RuleAt at, Traffic traffic, TableContent table, JoinedKeys.All joined) {
    RuleCompiler compiler = new RuleCompiler(traffic, table, joined);
    Optional<String> unreadable = Optional.empty();
    try {
      for (Expression expression : at.rule().expressions()) {
        compiler.add(expression);
      }
    } catch (Unreadable cannot) {
      unreadable = Optional.of(String.valueOf(cannot.getMessage()));
    }
    return new CompiledRule(at, compiler.tests, compiler.ending, compiler.sometimes, unreadable);
  }

  private void add(Expression expression) throws Unreadable {
    if (!(ending instanceof Ending.Nothing)) {
      throw new Unreadable("something after the verdict");
    }
    if (!(expression instanceof Expression.Mask)) {
      OptionalInt asked = asked(expression);
      loaded
          .filter(last -> asked.isEmpty() || asked.getAsInt() != last.slot())
          .ifPresent(last -> demand(last.present()));
      loaded = Optional.empty();
    }
    switch (expression) {
      case Expression.Meta(var key, var register) -> load(register, expression, length(key));
      case Expression.Payload(_, _, var length, var register) -> load(register, expression, length);
      case Expression.Connection(var key, _, var register) ->
          load(register, expression, length(key));
      case Expression.AddressKind(_, var register) -> load(register, expression, WORD);
      case Expression.Load(var register, var value) -> load(register, expression, value.length());
      case Expression.Mask(var register, var mask) -> {
        Operand operand = operand(register);
        if (operand.mask().length() > 0) {
          throw new Unreadable("a mask of a masked value");
        }
        registers.put(register, new Operand(operand.load(), operand.length(), mask));
      }
      case Expression.Bits(var register, _) -> {
        Operand operand = operand(register);
        if (operand.mask().length() > 0) {
          throw new Unreadable("bits of a masked value");
        }
        boolean ofMark =
            operand.load() instanceof Expression.Connection(var key, _, _)
                && key == ConnectionKey.MARK;
        if (!ofMark) {
          throw new Unreadable("bits set in something");
        }
        registers.put(register, new Operand(expression, operand.length(), Bytes.EMPTY));
      }
      case Expression.Tell tell -> tell(tell);
      case Expression.Compare compare -> demand(compare(compare, operand(compare.register())));
      case Expression.InSet(var name, var register, var inverted) ->
          demand(
              set(name).set().key().size() == 1
                  ? inSet(set(name), operand(register), inverted)
                  : inJoined(set(name), register, inverted));
      case Expression.ByMap(var name, var register) -> byMap(set(name), operand(register));
      case Expression.Judge(var verdict) -> ending = new Ending.Always(verdict);
      case Expression.Reject _ -> ending = new Ending.Always(new Verdict.Drop());
      case Expression.Limit _ -> sometimes = true;
      case Expression.Counter _, Expression.NamedCounter _, Expression.Log _ -> {}
      case Expression.Translate _ -> throw new Unreadable("a translation of addresses");
      case Expression.Foreign(var name) -> throw new Unreadable("`" + name + "`");
    }
  }

  /// The slot of the register that a condition is about.
  private static OptionalInt asked(Expression expression) {
    return switch (expression) {
      case Expression.Compare compare -> OptionalInt.of(Registers.slot(compare.register()));
      case Expression.InSet(_, var register, _) -> OptionalInt.of(Registers.slot(register));
      case Expression.ByMap(_, var register) -> OptionalInt.of(Registers.slot(register));
      default -> OptionalInt.empty();
    };
  }

  private void demand(Test test) {
    tests.add(test);
    for (Case one : test.cases()) {
      if (one.how() instanceof How.Never) {
        reached.andNot(one.situations());
      }
    }
  }

  private static int length(MetaKey key) {
    return switch (key) {
      case FAMILY, PROTOCOL -> 1;
      case ETHER_TYPE, INPUT_LINK_TYPE -> 2;
      case INPUT_INTERFACE_NAME, OUTPUT_INTERFACE_NAME -> 16;
    };
  }

  private static int length(ConnectionKey key) {
    return switch (key) {
      case DIRECTION, PROTOCOL -> 1;
      case SOURCE_PORT, DESTINATION_PORT -> 2;
      case STATE, STATUS, MARK, SOURCE_IPV4, DESTINATION_IPV4 -> WORD;
      case SOURCE_IPV6, DESTINATION_IPV6 -> 16;
    };
  }

  private void load(int register, Expression expression, int length) {
    registers.put(register, new Operand(expression, length, Bytes.EMPTY));
    // A packet that has no such thing is not matched, whatever comes next.
    Test present =
        test(
            expression,
            length,
            source ->
                switch (source) {
                  case Source.Known _ -> new How.Always();
                  case Source.Nothing _ -> new How.Never();
                  case Source.Across() -> throw across();
                  case Source.Of(var field, _) ->
                      new How.Fields(List.of(new Among(field, field.domain().in(List.of()))), true);
                  case Source.Flags(var known) -> present(known.values());
                  case Source.Joined(var parts) ->
                      present(parts.stream().map(Source.Of::field).toList());
                });
    loaded = Optional.of(new Loaded(Registers.slot(register), present));
  }

  private static How present(Collection<Field> fields) {
    return new How.Fields(
        fields.stream().map(field -> new Among(field, field.domain().in(List.of()))).toList(),
        true);
  }

  private static Unreadable across() {
    return new Unreadable("a look across several fields");
  }

  private Operand operand(int register) throws Unreadable {
    Operand operand = registers.of(register).orElseThrow(() -> new Unreadable("an empty register"));
    if (operand.load() instanceof Expression.Bits) {
      throw new Unreadable("a look at bits that it set");
    }
    return operand;
  }

  /// The mark that says "accepted" joins the others; nothing else is ever told.
  private void tell(Expression.Tell tell) throws Unreadable {
    Operand operand = registers.of(tell.register()).orElse(null);
    boolean accepted =
        tell.key() == ConnectionKey.MARK
            && operand != null
            && operand.load() instanceof Expression.Bits(_, var bits)
            && traffic.accepted().equals(Optional.of(bits));
    if (!accepted) {
      throw new Unreadable("another mark for the connection");
    }
    ending = new Ending.Remember();
  }

  private SetContent set(String name) throws Unreadable {
    SetContent set = table.sets().get(name);
    if (set == null) {
      throw new Unreadable("the unknown set " + name);
    }
    return set;
  }

  /// What one condition comes to, given where the value is found.
  private interface Meaning {
    How in(Source source) throws Unreadable;
  }

  /// Situations in which the value is found at the same place are one case.
  private Test test(Expression load, int length, Meaning meaning) {
    Map<How, BitSet> byMeaning = new HashMap<>();
    List<Case> cases = new ArrayList<>();
    for (Map.Entry<Source, BitSet> one : sources(load, length).entrySet()) {
      byMeaning
          .computeIfAbsent(
              how(meaning, one.getKey()),
              how -> {
                BitSet situations = new BitSet();
                cases.add(new Case(situations, how));
                return situations;
              })
          .or(one.getValue());
    }
    return new Test(cases);
  }

  private static How how(Meaning meaning, Source source) {
    try {
      return meaning.in(source);
    } catch (Unreadable cannot) {
      return new How.Unreadable(String.valueOf(cannot.getMessage()));
    }
  }

  private Map<Source, BitSet> sources(Expression load, int length) {
    Map<Source, BitSet> out = new LinkedHashMap<>();
    BitSet all = traffic.space().situations();
    for (int one = all.nextSetBit(0); one >= 0; one = all.nextSetBit(one + 1)) {
      Source source = reached.get(one) ? find(load, length, one) : new Source.Nothing();
      out.computeIfAbsent(source, s -> new BitSet()).set(one);
    }
    return out;
  }

  private Source find(Expression load, int length, int situation) {
    return load instanceof Expression.Load(_, var value)
        ? new Source.Known(value)
        : traffic.find(load, length, situation);
  }

  private Test compare(Expression.Compare compare, Operand operand) {
    boolean negated = compare.operator() == Operator.NOT_EQUAL;
    return test(
        operand.load(),
        operand.length(),
        source ->
            switch (source) {
              case Source.Nothing() -> new How.Never();
              case Source.Across() -> throw across();
              case Source.Known(var value) ->
                  Range.holds(compare, masked(value, operand)) != negated
                      ? new How.Always()
                      : new How.Never();
              case Source.Of of -> {
                List<Range> ranges =
                    Range.where(of.length(), operand.mask(), compare)
                        .orElseThrow(() -> new Unreadable("a comparison under the mask"));
                yield new How.Fields(List.of(among(of, ranges)), negated);
              }
              case Source.Flags(var known) -> flag(known, operand, compare);
              case Source.Joined(var parts) -> joined(parts, operand, compare, negated);
            });
  }

  /// All of some bits that are known are set, or not all; "none" says as much of one bit alone.
  private static How flag(Map<Bytes, Field> known, Operand operand, Expression.Compare compare)
      throws Unreadable {
    Bytes bits = operand.mask();
    Field field = known.get(bits);
    boolean set = compare.value().equals(bits);
    boolean clear = compare.value().equals(Bytes.copyOf(new byte[bits.length()]));
    boolean equal = compare.operator() == Operator.EQUAL;
    if (field == null
        || !(equal || compare.operator() == Operator.NOT_EQUAL)
        || !(set || (clear && Integer.bitCount(bits.nativeInt()) == 1))) {
      throw new Unreadable("a look at other bits of a mark or status");
    }
    return new How.Fields(
        List.of(new Among(field, field.domain().only(Bytes.of(1)))), set != equal);
  }

  private static How joined(
      List<Source.Of> parts, Operand operand, Expression.Compare compare, boolean negated)
      throws Unreadable {
    boolean equality = negated || compare.operator() == Operator.EQUAL;
    if (!equality || operand.mask().length() > 0 || compare.value().length() < operand.length()) {
      throw new Unreadable("a comparison of several fields at once");
    }
    List<Among> all = new ArrayList<>();
    byte[] value = compare.value().toArray();
    int at = 0;
    for (Source.Of part : parts) {
      Bytes own = Bytes.copyOf(Arrays.copyOfRange(value, at, at + part.length()));
      all.add(among(part, List.of(Range.only(own))));
      at += part.length();
    }
    return new How.Fields(all, negated);
  }

  private static Among among(Source.Of of, List<Range> ranges) {
    Domain domain = of.field().domain();
    return new Among(
        of.field(), domain.in(ranges.stream().map(one -> one.ofLength(domain.length())).toList()));
  }

  private Test inSet(SetContent set, Operand operand, boolean inverted) throws Unreadable {
    int key = set.set().key().getFirst().length();
    return test(
        operand.load(),
        operand.length(),
        source ->
            switch (source) {
              case Source.Nothing() -> new How.Never();
              case Source.Across() -> throw across();
              case Source.Known(var value) -> {
                Bytes at = masked(value, operand);
                boolean in = SetReading.ranges(set).stream().anyMatch(range -> range.contains(at));
                yield in != inverted ? new How.Always() : new How.Never();
              }
              case Source.Of of ->
                  new How.Fields(List.of(members(of, key, operand, set)), inverted);
              case Source.Flags _, Source.Joined _ ->
                  throw new Unreadable("several fields as one key");
            });
  }

  private static Bytes masked(Bytes value, Operand operand) {
    return operand.mask().length() == 0 ? value : Range.masked(value, operand.mask());
  }

  private static Among members(Source.Of of, int key, Operand operand, SetContent set)
      throws Unreadable {
    checkKey(of, key, operand, set);
    Optional<Set<Address>> addresses = SetReading.addresses(set);
    Domain domain = of.field().domain();
    return addresses.isPresent() && domain.isOfAddresses() && of.length() == domain.length()
        ? new Among(of.field(), domain.among(addresses.get()))
        : among(of, SetReading.ranges(set));
  }

  private static void checkKey(Source.Of of, int key, Operand operand, SetContent set)
      throws Unreadable {
    if (operand.mask().length() > 0) {
      throw new Unreadable("a masked key of " + set.set().name());
    }
    if (key != of.length()) {
      throw new Unreadable("a key of another length for " + set.set().name());
    }
  }

  /// Several registers in a row, each with one field of the key.
  private Test inJoined(SetContent set, int register, boolean inverted) throws Unreadable {
    JoinedKeys keys =
        joined
            .of(set)
            .filter(_ -> !inverted)
            .orElseThrow(() -> new Unreadable("the joined keys of " + set.set().name()));
    List<Operand> operands =
        registers
            .inARow(register, set.set().key())
            .orElseThrow(() -> new Unreadable("another key for " + set.set().name()));
    Map<List<Source>, BitSet> situations = new LinkedHashMap<>();
    BitSet all = traffic.space().situations();
    for (int one = all.nextSetBit(0); one >= 0; one = all.nextSetBit(one + 1)) {
      List<Source> sources = new ArrayList<>();
      for (Operand operand : operands) {
        sources.add(
            reached.get(one) ? find(operand.load(), operand.length(), one) : new Source.Nothing());
      }
      situations.computeIfAbsent(sources, s -> new BitSet()).set(one);
    }
    List<Case> cases = new ArrayList<>();
    situations.forEach((sources, some) ->
        cases.add(new Case(some, how(_ -> among(keys, sources), new Source.Nothing()))));
    return new Test(cases);
  }

  private static How among(JoinedKeys keys, List<Source> sources) throws Unreadable {
    if (sources.isEmpty()) {
      return new How.Always();
    }
    List<Source> others = sources.subList(1, sources.size());
    return switch (sources.getFirst()) {
      case Source.Nothing() -> new How.Never();
      case Source.Across() -> throw across();
      case Source.Flags _, Source.Joined _ ->
          throw new Unreadable("several fields as one of several");
      case Source.Known(var value) -> {
        Optional<JoinedKeys> rest = keys.after(value);
        yield rest.isPresent() ? among(rest.get(), others) : new How.Never();
      }
      case Source.Of(var field, var length) -> {
        if (length != field.domain().length()) {
          throw new Unreadable("a part of a field as one of several");
        }
        List<Way> ways = new ArrayList<>();
        for (JoinedKeys.Branch branch : keys.branches()) {
          ways.add(new Way(branch.in(field.domain()), among(branch.rest(), others)));
        }
        yield new How.OneOf(field, ways);
      }
    };
  }

  private void byMap(SetContent map, Operand operand) throws Unreadable {
    if (map.set().key().size() != 1) {
      throw new Unreadable("the joined keys of " + map.set().name());
    }
    Map<Verdict, List<Range>> verdicts =
        SetReading.verdicts(map).orElseThrow(() -> new Unreadable("the map " + map.set().name()));
    int key = map.set().key().getFirst().length();
    List<VerdictMap.Case> cases = new ArrayList<>();
    for (Map.Entry<Source, BitSet> one : sources(operand.load(), operand.length()).entrySet()) {
      cases.add(
          new VerdictMap.Case(
              one.getValue(),
              switch (one.getKey()) {
                case Source.Nothing() -> new VerdictMap.How.Known(Optional.empty());
                case Source.Across() -> throw across();
                case Source.Known(var value) ->
                    new VerdictMap.How.Known(known(verdicts, masked(value, operand)));
                case Source.Of of -> {
                  checkKey(of, key, operand, map);
                  Map<Verdict, Part> parts = new LinkedHashMap<>();
                  verdicts.forEach((verdict, keys) -> parts.put(verdict, among(of, keys).values()));
                  yield new VerdictMap.How.Of(new VerdictMap.Lookup(of.field(), parts));
                }
                case Source.Flags _, Source.Joined _ ->
                    throw new Unreadable("several fields as one key");
              }));
    }
    ending = new Ending.ByMap(new VerdictMap(cases));
  }

  private static Optional<Verdict> known(Map<Verdict, List<Range>> verdicts, Bytes value) {
    return verdicts.entrySet().stream()
        .filter(one -> one.getValue().contains(Range.only(value)))
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
