package dev.ringfence.nftables.table;

import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.Expression;
import dev.ringfence.nftables.netlink.Expression.ConnectionKey;
import dev.ringfence.nftables.netlink.Expression.Header;
import dev.ringfence.nftables.netlink.Expression.MetaKey;
import dev.ringfence.nftables.netlink.Expression.Side;
import dev.ringfence.nftables.netlink.NftChain;
import dev.ringfence.nftables.netlink.NftRule;
import dev.ringfence.nftables.netlink.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// How connections that were accepted stay so: each carries a mark from the first answer on that
/// both ends let pass, and what carries it is not judged again.
///
/// Nobody is believed who never was judged: the mark is set behind both judgements, and nowhere
/// else. Nor is what only one of two nodes let pass: it is set once the other end has answered. It
/// says nothing where an end has changed hands since ([Names#anew]), and nothing to what opens a
/// connection, as a SYN does on the ports of another.
final class Keeping {
  private static final int REGISTER = Expression.REGISTER;
  private static final int EXPECTED = 1;
  private static final int ANSWERED = 2;
  private static final int SYN = 0x02;
  private static final int SYN_ACK = 0x12;
  private static final int SCTP_INIT = 1;

  private final Bytes mark;
  private final Set<Family> families;

  Keeping(Established.Keep keep, Set<Family> families) {
    this.mark = Bytes.ofNativeInt(keep.mark());
    this.families = families;
  }

  List<ChainContent> chains() {
    return List.of(kept(), remember(), rememberInput());
  }

  /// In front of what judges: leaves for good what was accepted before.
  NftRule accepted(String chain) {
    return rule(
        chain,
        List.of(
            markOfConnection(),
            new Expression.Mask(REGISTER, mark),
            Matching.equal(mark),
            new Expression.Judge(new Verdict.Jump(Names.KEPT))));
  }

  /// Behind what judges: only what was accepted gets here.
  NftRule judged(String chain, String remember) {
    return rule(chain, List.of(new Expression.Judge(new Verdict.Jump(remember))));
  }

  /// Whether these rules believe marks, and which.
  static OptionalInt markOf(TableContent table) {
    ChainContent forward = table.chains().get("forward");
    if (forward == null) {
      return OptionalInt.empty();
    }
    for (NftRule rule : forward.rules()) {
      List<Expression> all = rule.expressions();
      boolean believes =
          all.size() == 4
              && all.getFirst().equals(markOfConnection())
              && all.getLast().equals(new Expression.Judge(new Verdict.Jump(Names.KEPT)));
      if (believes && all.get(1) instanceof Expression.Mask(_, var bits)) {
        return OptionalInt.of(bits.nativeInt());
      }
    }
    return OptionalInt.empty();
  }

  private ChainContent kept() {
    List<NftRule> rules = new ArrayList<>();
    // Conntrack hands the mark on to connections that another announced: they are judged.
    rules.add(
        rule(
            Names.KEPT,
            Matching.all(
                List.of(statusOfConnection()),
                Matching.anyBit(Bytes.ofNativeInt(EXPECTED)),
                back())));
    rules.add(rule(Names.KEPT, Matching.all(opensTcp(), back())));
    rules.add(rule(Names.KEPT, Matching.all(opensSctp(), back())));
    for (Family family : families) {
      for (Side side : Side.values()) {
        rules.add(rule(Names.KEPT, Matching.all(end(family, side, Names.anew(family)), back())));
      }
    }
    rules.add(rule(Names.KEPT, List.of(new Expression.Judge(new Verdict.Accept()))));
    return chain(Names.KEPT, rules);
  }

  /// Connections of this node's pods are marked, and no others.
  private ChainContent remember() {
    List<NftRule> rules = new ArrayList<>(List.of(unanswered(Names.REMEMBER)));
    for (Family family : families) {
      for (Side side : Side.values()) {
        rules.add(
            rule(Names.REMEMBER, Matching.all(end(family, side, Names.pods(family)), setMark())));
      }
    }
    return chain(Names.REMEMBER, rules);
  }

  /// On its way to the node only egress is judged, so the destination must be no pod.
  private ChainContent rememberInput() {
    List<NftRule> rules = new ArrayList<>(List.of(unanswered(Names.REMEMBER_INPUT)));
    for (Family family : families) {
      rules.add(
          rule(
              Names.REMEMBER_INPUT,
              Matching.all(end(family, Side.REPLY, Names.pods(family)), back())));
      rules.add(
          rule(
              Names.REMEMBER_INPUT,
              Matching.all(end(family, Side.ORIGINAL, Names.pods(family)), setMark())));
    }
    return chain(Names.REMEMBER_INPUT, rules);
  }

  /// A SYN without ACK, which may open another connection on the ports of one that is known.
  private static List<Expression> opensTcp() {
    return Matching.all(
        List.of(
            new Expression.Meta(MetaKey.PROTOCOL, REGISTER),
            Matching.equal(Bytes.of(6)),
            new Expression.Payload(Header.TRANSPORT, 13, 1, REGISTER),
            new Expression.Mask(REGISTER, Bytes.of(SYN_ACK)),
            Matching.equal(Bytes.of(SYN))));
  }

  private static List<Expression> opensSctp() {
    return List.of(
        new Expression.Meta(MetaKey.PROTOCOL, REGISTER),
        Matching.equal(Bytes.of(132)),
        new Expression.Payload(Header.TRANSPORT, 12, 1, REGISTER),
        Matching.equal(Bytes.of(SCTP_INIT)));
  }

  /// The connection's opener, or its real destination, is in a set.
  private static List<Expression> end(Family family, Side side, String set) {
    ConnectionKey key =
        family == Family.IPV4 ? ConnectionKey.SOURCE_IPV4 : ConnectionKey.SOURCE_IPV6;
    return List.of(new Expression.Connection(key, Optional.of(side), REGISTER), Matching.in(set));
  }

  /// Whoever was not answered yet may have been let pass here and denied elsewhere.
  private static NftRule unanswered(String chain) {
    Bytes bit = Bytes.ofNativeInt(ANSWERED);
    return rule(
        chain,
        Matching.all(
            List.of(
                statusOfConnection(),
                new Expression.Mask(REGISTER, bit),
                Matching.equal(Bytes.ofNativeInt(0))),
            back()));
  }

  private static Expression statusOfConnection() {
    return new Expression.Connection(ConnectionKey.STATUS, Optional.empty(), REGISTER);
  }

  private static Expression markOfConnection() {
    return new Expression.Connection(ConnectionKey.MARK, Optional.empty(), REGISTER);
  }

  /// Leaves the other bits as they are.
  private List<Expression> setMark() {
    return List.of(
        markOfConnection(),
        new Expression.Bits(REGISTER, mark),
        new Expression.Tell(ConnectionKey.MARK, REGISTER));
  }

  private static List<Expression> back() {
    return List.of(new Expression.Judge(new Verdict.Return()));
  }

  private static ChainContent chain(String name, List<NftRule> rules) {
    return new ChainContent(NftChain.regular(Names.POLICY, name), rules);
  }

  private static NftRule rule(String chain, List<Expression> expressions) {
    return new NftRule(Names.POLICY, chain, expressions, "");
  }
}
