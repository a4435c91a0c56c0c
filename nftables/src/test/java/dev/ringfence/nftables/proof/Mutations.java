package dev.ringfence.nftables.proof;

import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Batch;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.Expression;
import dev.ringfence.nftables.netlink.Expression.ConnectionKey;
import dev.ringfence.nftables.netlink.Expression.Operator;
import dev.ringfence.nftables.netlink.Expression.Side;
import dev.ringfence.nftables.netlink.KeyType;
import dev.ringfence.nftables.netlink.NftElement;
import dev.ringfence.nftables.netlink.NftRule;
import dev.ringfence.nftables.netlink.Verdict;
import dev.ringfence.nftables.table.ChainContent;
import dev.ringfence.nftables.table.NodeTable;
import dev.ringfence.nftables.table.SetContent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/// Small changes of a table, as somebody's hand or a fault of ours would make them.
final class Mutations {
  private final NodeTable table;
  private final Probes probes;
  private final Random random;

  Mutations(NodeTable table, Probes probes, Random random) {
    this.table = table;
    this.probes = probes;
    this.random = random;
  }

  /// One change.
  ///
  /// @param words what it is
  /// @param write puts it into a transaction
  record Mutation(String words, Consumer<Batch> write) {
    @Override
    public String toString() {
      return words;
    }
  }

  /// Empty where the dice named something that is not there.
  Optional<Mutation> next() {
    return switch (random.nextInt(12)) {
      case 0 -> set(false, false).flatMap(this::without);
      case 1 -> set(false, false).flatMap(this::with);
      case 2 -> set(true, false).flatMap(this::without);
      case 3 -> set(true, false).flatMap(this::otherVerdict);
      case 4 -> set(false, true).flatMap(this::edge);
      case 5 -> chain().flatMap(this::withoutRule);
      case 6 -> chain().flatMap(this::swapped);
      case 7 -> chain().flatMap(this::inserted);
      case 8 -> chain().flatMap(this::otherEnd);
      case 9 -> chain().flatMap(this::otherValue);
      case 10 -> chain().flatMap(this::withoutCondition);
      default -> chain().flatMap(this::neutral);
    };
  }

  private Optional<SetContent> set(boolean map, boolean intervals) {
    List<SetContent> some =
        table.policy().sets().values().stream()
            .filter(one -> one.set().data().isPresent() == map)
            .filter(one -> one.set().interval() == intervals)
            .filter(one -> !one.set().name().equals("generation"))
            .filter(one -> one.members().count() > 0)
            .sorted(Comparator.comparing(one -> one.set().name()))
            .toList();
    return some.isEmpty() ? Optional.empty() : Optional.of(pick(some));
  }

  private Optional<ChainContent> chain() {
    var content = random.nextInt(4) == 0 ? table.guard() : table.policy();
    List<ChainContent> some =
        content.chains().values().stream()
            .filter(one -> !one.rules().isEmpty())
            .sorted(Comparator.comparing(one -> one.chain().name()))
            .toList();
    return some.isEmpty() ? Optional.empty() : Optional.of(pick(some));
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private static List<NftElement> elements(SetContent set) {
    List<NftElement> out = new ArrayList<>();
    set.members().elements().forEachRemaining(out::add);
    out.sort(Comparator.comparing(NftElement::key));
    return out;
  }

  private Optional<Mutation> without(SetContent set) {
    NftElement one = pick(elements(set));
    return Optional.of(
        new Mutation(
            "delete " + one + " of " + set.set().name(),
            batch -> batch.deleteElements(set.set(), List.of(one))));
  }

  private Optional<Mutation> with(SetContent set) {
    NftElement one = NftElement.of(key(set));
    return elements(set).contains(one)
        ? Optional.empty()
        : Optional.of(
            new Mutation(
                "add " + one.key() + " to " + set.set().name(),
                batch -> batch.addElements(set.set(), List.of(one))));
  }

  /// Some value of each field; where there are several, one of a key that is there, but for one.
  private Bytes key(SetContent set) {
    List<KeyType> fields = set.set().key();
    if (fields.size() == 1) {
      return value(fields.getFirst());
    }
    Bytes there = pick(elements(set)).key();
    int other = random.nextInt(fields.size());
    Bytes out = Bytes.EMPTY;
    for (int i = 0; i < fields.size(); i++) {
      KeyType field = fields.get(i);
      Bytes was = there.slice(out.length(), out.length() + field.paddedLength());
      out = out.then(i == other ? value(field).padded(field.paddedLength()) : was);
    }
    return out;
  }

  private Bytes value(KeyType type) {
    return switch (type) {
      case IPV4 -> Bytes.copyOf(probes.address(Family.IPV4).bytes());
      case IPV6 -> Bytes.copyOf(probes.address(Family.IPV6).bytes());
      case PROTOCOL -> Bytes.of(pick(List.of(6, 17, 132, 47)));
      default -> Bytes.ofShort(probes.port());
    };
  }

  private Optional<Mutation> otherVerdict(SetContent map) {
    NftElement one = pick(elements(map));
    List<NftElement> others = new ArrayList<>(elements(map));
    others.add(NftElement.of(one.key(), new Verdict.Accept()));
    others.add(NftElement.of(one.key(), new Verdict.Drop()));
    NftElement other = pick(others);
    NftElement now = new NftElement(one.key(), Optional.empty(), false, other.data());
    return now.equals(one)
        ? Optional.empty()
        : Optional.of(
            new Mutation(
                "%s for %s of %s".formatted(now, one, map.set().name()),
                batch -> {
                  batch.deleteElements(map.set(), List.of(one));
                  batch.addElements(map.set(), List.of(now));
                }));
  }

  /// Moves one end of one range by one.
  private Optional<Mutation> edge(SetContent set) {
    List<NftElement> all = elements(set);
    NftElement one = pick(all);
    Bytes moved = random.nextBoolean() ? one.key().next() : one.key().previous();
    boolean taken = all.stream().anyMatch(other -> other.key().equals(moved));
    if (moved.length() == 0 || taken || Math.abs(moved.compareTo(one.key())) > 1_000) {
      return Optional.empty();
    }
    List<NftElement> now = new ArrayList<>(all);
    now.set(
        all.indexOf(one),
        new NftElement(moved, Optional.empty(), one.endsInterval(), Optional.empty()));
    now.sort(Comparator.comparing(NftElement::key));
    return Optional.of(
        new Mutation(
            "move %s to %s in %s".formatted(one, moved, set.set().name()),
            batch -> {
              batch.deleteElements(set.set(), all);
              batch.addElements(set.set(), now);
            }));
  }

  private Optional<Mutation> withoutRule(ChainContent chain) {
    List<NftRule> rules = new ArrayList<>(chain.rules());
    NftRule gone = rules.remove(random.nextInt(rules.size()));
    return Optional.of(rewrite("delete " + RuleText.of(gone), chain, rules));
  }

  private Optional<Mutation> swapped(ChainContent chain) {
    List<NftRule> rules = new ArrayList<>(chain.rules());
    if (rules.size() < 2) {
      return Optional.empty();
    }
    int at = random.nextInt(rules.size() - 1);
    rules.set(at, chain.rules().get(at + 1));
    rules.set(at + 1, chain.rules().get(at));
    return Optional.of(rewrite("swap rules " + (at + 1) + " and " + (at + 2), chain, rules));
  }

  /// An extra rule: one of the table's own conditions, or one on the connection, and a verdict.
  private Optional<Mutation> inserted(ChainContent chain) {
    List<Expression> all = new ArrayList<>();
    if (chain.chain().table().equals(table.policy().table().name())) {
      all.addAll(condition());
    } else {
      all.addAll(conditions(pick(chain.rules())));
    }
    boolean base = chain.chain().base().isPresent();
    all.add(
        new Expression.Judge(
            pick(
                base
                    ? List.of(new Verdict.Accept(), new Verdict.Drop())
                    : List.of(new Verdict.Accept(), new Verdict.Drop(), new Verdict.Return()))));
    NftRule rule = new NftRule(chain.chain().table(), chain.chain().name(), all, "");
    List<NftRule> rules = new ArrayList<>(chain.rules());
    rules.add(random.nextInt(rules.size() + 1), rule);
    return Optional.of(rewrite("insert " + RuleText.of(rule), chain, rules));
  }

  private List<Expression> condition() {
    Family family = random.nextBoolean() ? Family.IPV4 : Family.IPV6;
    ConnectionKey key =
        family == Family.IPV4 ? ConnectionKey.SOURCE_IPV4 : ConnectionKey.SOURCE_IPV6;
    Bytes address = Bytes.copyOf(probes.address(family).bytes());
    return switch (random.nextInt(4)) {
      case 0 -> List.of();
      case 1 ->
          List.of(
              new Expression.Connection(ConnectionKey.PROTOCOL, Optional.empty(), 1),
              new Expression.Compare(1, Operator.EQUAL, Bytes.of(pick(List.of(6, 17, 47)))));
      case 2 ->
          List.of(
              new Expression.Connection(key, Optional.of(pick(List.of(Side.values()))), 1),
              new Expression.Compare(1, pick(List.of(Operator.values())), address));
      default ->
          List.of(
              new Expression.Connection(ConnectionKey.STATE, Optional.empty(), 1),
              new Expression.Mask(1, Bytes.ofNativeInt(pick(List.of(1, 2, 4, 6, 8, 64)))),
              new Expression.Compare(1, Operator.NOT_EQUAL, Bytes.ofNativeInt(0)));
    };
  }

  private static List<Expression> conditions(NftRule rule) {
    return rule.expressions().stream()
        .takeWhile(one ->
            !(one instanceof Expression.Judge
                || one instanceof Expression.Counter
                || one instanceof Expression.Reject
                || one instanceof Expression.ByMap))
        .toList();
  }

  private Optional<Mutation> otherEnd(ChainContent chain) {
    int at = random.nextInt(chain.rules().size());
    List<Expression> all = new ArrayList<>(chain.rules().get(at).expressions());
    if (!(all.getLast() instanceof Expression.Judge(var verdict))) {
      return Optional.empty();
    }
    List<Verdict> ends = new ArrayList<>(List.of(new Verdict.Accept(), new Verdict.Drop()));
    if (chain.chain().base().isEmpty()) {
      ends.add(new Verdict.Return());
      ends.add(new Verdict.Goto("deny_ingress"));
    }
    Verdict now = pick(ends);
    if (now.equals(verdict)
        || now.target().filter(chain.chain().name()::equals).isPresent()
        || (now.target().isPresent() && !table.policy().chains().containsKey("deny_ingress"))) {
      return Optional.empty();
    }
    all.set(all.size() - 1, new Expression.Judge(now));
    return Optional.of(replaced(now + " for " + verdict, chain, at, all));
  }

  /// One constant is one more or less, or another of its kind.
  private Optional<Mutation> otherValue(ChainContent chain) {
    int at = random.nextInt(chain.rules().size());
    List<Expression> all = new ArrayList<>(chain.rules().get(at).expressions());
    List<Integer> compares = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i) instanceof Expression.Compare) {
        compares.add(i);
      }
    }
    if (compares.isEmpty()) {
      return Optional.empty();
    }
    int which = pick(compares);
    Expression.Compare old = (Expression.Compare) all.get(which);
    Bytes value = random.nextBoolean() ? old.value().next() : old.value().previous();
    if (value.length() == 0 || all.get(Math.max(0, which - 1)) instanceof Expression.Mask) {
      return Optional.empty();
    }
    all.set(which, new Expression.Compare(old.register(), old.operator(), value));
    return Optional.of(replaced(value + " for " + old.value(), chain, at, all));
  }

  private Optional<Mutation> withoutCondition(ChainContent chain) {
    int at = random.nextInt(chain.rules().size());
    List<Expression> all = new ArrayList<>(chain.rules().get(at).expressions());
    List<Integer> conditions = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i) instanceof Expression.Compare || all.get(i) instanceof Expression.InSet) {
        conditions.add(i);
      }
    }
    if (conditions.isEmpty()) {
      return Optional.empty();
    }
    Expression gone = all.remove((int) pick(conditions));
    return Optional.of(replaced("no " + gone, chain, at, all));
  }

  /// Nothing that a packet would notice: a counter, or the same rule twice.
  private Optional<Mutation> neutral(ChainContent chain) {
    List<NftRule> rules = new ArrayList<>(chain.rules());
    int at = random.nextInt(rules.size());
    if (random.nextBoolean()) {
      rules.add(
          at,
          new NftRule(
              chain.chain().table(), chain.chain().name(), List.of(new Expression.Counter()), ""));
      return Optional.of(rewrite("a counter before rule " + (at + 1), chain, rules));
    }
    rules.add(at, rules.get(at));
    return Optional.of(rewrite("rule " + (at + 1) + " twice", chain, rules));
  }

  private static Mutation replaced(
      String words, ChainContent chain, int at, List<Expression> expressions) {
    NftRule old = chain.rules().get(at);
    List<NftRule> rules = new ArrayList<>(chain.rules());
    rules.set(at, new NftRule(old.table(), old.chain(), expressions, old.comment()));
    return rewrite(words + " in rule " + (at + 1), chain, rules);
  }

  private static Mutation rewrite(String words, ChainContent chain, List<NftRule> rules) {
    return new Mutation(
        "chain " + chain.chain().name() + ": " + words,
        batch -> {
          batch.flush(chain.chain());
          rules.forEach(batch::add);
        });
  }
}
