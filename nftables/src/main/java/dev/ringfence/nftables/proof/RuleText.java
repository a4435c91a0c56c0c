package dev.ringfence.nftables.proof;

import dev.ringfence.core.model.Address;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.Expression;
import dev.ringfence.nftables.netlink.Expression.Header;
import dev.ringfence.nftables.netlink.Expression.Operator;
import dev.ringfence.nftables.netlink.Expression.Side;
import dev.ringfence.nftables.netlink.NftRule;
import dev.ringfence.nftables.netlink.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A rule as people read it, nearly as `nft` prints it.
final class RuleText {
  private static final int LONG = 200;

  private static final Map<Integer, String> STATES =
      new TreeMap<>(
          Map.of(1, "invalid", 2, "established", 4, "related", 8, "new", 64, "untracked"));

  private final List<String> words = new ArrayList<>();
  private String loaded = "";
  private String mask = "";
  private Optional<Expression> load = Optional.empty();

  private RuleText() {}

  /// At most 200 characters.
  static String of(NftRule rule) {
    RuleText text = new RuleText();
    rule.expressions().forEach(text::add);
    String out = String.join(" ", text.words);
    return out.length() <= LONG ? out : out.substring(0, LONG) + "…";
  }

  private void add(Expression expression) {
    switch (expression) {
      case Expression.Meta(var key, var register) ->
          load(expression, register, "meta " + word(key));
      case Expression.Payload(var header, var offset, var length, var register) ->
          load(expression, register, payload(header, offset, length));
      case Expression.Connection(var key, var side, var register) ->
          load(
              expression,
              register,
              "ct " + side.map(one -> word(one) + " ").orElse("") + word(key));
      case Expression.AddressKind(var source, var register) ->
          load(expression, register, source ? "fib saddr type" : "fib daddr type");
      case Expression.Load(var register, var value) -> load(expression, register, value.toString());
      case Expression.Mask(_, var bits) -> mask = " & " + bits;
      case Expression.Bits(_, var bits) -> loaded = loaded + " | " + bits;
      case Expression.Tell(var key, _) -> words.add("ct " + word(key) + " set " + loaded + mask);
      case Expression.Compare(_, var operator, var value) -> compare(operator, value);
      case Expression.InSet(var set, _, var inverted) -> test((inverted ? " != @" : " @") + set);
      case Expression.ByMap(var map, _) -> test(" vmap @" + map);
      case Expression.Judge(var verdict) -> words.add(of(verdict));
      case Expression.Counter() -> words.add("counter");
      case Expression.NamedCounter(var name) -> words.add("counter name " + name);
      case Expression.Limit(var rate, var seconds, _) ->
          words.add("limit rate %d/%d s".formatted(rate, seconds));
      case Expression.Log(var group, _, _) -> words.add("log group " + group);
      case Expression.Reject(var with) -> words.add("reject with " + word(with));
      case Expression.Translate(var what, _, _, _) -> words.add("nat " + word(what));
      case Expression.Foreign(var name) -> words.add("(" + name + "?)");
    }
  }

  /// In another register than the first is what is looked up together with what is there.
  private void load(Expression expression, int register, String text) {
    load = Optional.of(expression);
    loaded = register == Expression.REGISTER ? text : loaded + " . " + text;
    mask = "";
  }

  private void test(String how) {
    words.add(loaded + mask + how);
    mask = "";
  }

  private void compare(Operator operator, Bytes value) {
    boolean bits = operator == Operator.NOT_EQUAL && !mask.isEmpty() && isZero(value);
    if (bits && isState()) {
      words.add("ct state " + states(mask));
      mask = "";
      return;
    }
    String sign =
        switch (operator) {
          case EQUAL -> "";
          case NOT_EQUAL -> "!= ";
          case LESS -> "< ";
          case LESS_OR_EQUAL -> "<= ";
          case GREATER -> "> ";
          case GREATER_OR_EQUAL -> ">= ";
        };
    test(" " + sign + value(value));
  }

  private boolean isState() {
    return load.filter(one ->
            one instanceof Expression.Connection(var key, _, _)
                && key == Expression.ConnectionKey.STATE)
        .isPresent();
  }

  private static String states(String mask) {
    String hex = mask.substring(mask.indexOf("0x") + 2);
    int bits = Integer.reverseBytes(Integer.parseUnsignedInt(hex, 16));
    List<String> out = new ArrayList<>();
    STATES.forEach((bit, name) -> {
      if ((bits & bit) != 0) {
        out.add(name);
      }
    });
    return String.join(",", out);
  }

  private static boolean isZero(Bytes value) {
    return value.equals(Bytes.copyOf(new byte[value.length()]));
  }

  private static String value(Bytes value) {
    return switch (value.length()) {
      case 1 -> Integer.toString(value.at(0));
      case 2 -> Integer.toString(value.at(0) << 8 | value.at(1));
      case 16 -> Address.ofBytes(value.toArray()).toString();
      default -> value.toString();
    };
  }

  private static String payload(Header header, int offset, int length) {
    String where =
        switch (header) {
          case LINK -> "ll";
          case NETWORK -> "nh";
          case TRANSPORT -> "th";
        };
    return "@%s,%d,%d".formatted(where, 8 * offset, 8 * length);
  }

  private static String of(Verdict verdict) {
    String name = verdict.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    return verdict.target().map(chain -> name + " " + chain).orElse(name);
  }

  private static String word(Side side) {
    return side.toString().toLowerCase(Locale.ROOT);
  }

  private static String word(Enum<?> key) {
    return key.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
