package dev.ringfence.nftables.table;

import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.Expression;
import dev.ringfence.nftables.netlink.Expression.ConnectionKey;
import dev.ringfence.nftables.netlink.Expression.Header;
import dev.ringfence.nftables.netlink.Expression.MetaKey;
import dev.ringfence.nftables.netlink.NftChain;
import dev.ringfence.nftables.netlink.NftChain.Hook;
import dev.ringfence.nftables.netlink.NftRule;
import dev.ringfence.nftables.netlink.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Where packets enter, and what happens to those that conntrack is not sure of.
///
/// No rule lets established or related packets pass: each is judged by its connection's ends,
/// unless connections are to be kept that were ([Keeping]).
final class BaseChains {
  private static final int REGISTER = Expression.REGISTER;
  private static final int INVALID = 1;
  private static final int NEW = 8;
  private static final int UNTRACKED = 64;

  /// After DNAT, as in the other hooks; and after IPVS, at 99, has taken what it forwards, which is
  /// seen in the output hook with its real destination. Of two chains at one priority the one that
  /// came later is first, so this is one more.
  private static final int AFTER_IPVS = 100;

  private static final Verdict ACCEPT = new Verdict.Accept();

  private final Set<Family> families;
  private final DataplaneOptions options;
  private final Optional<Keeping> keeping;

  /// Rules for the families that occur on the node.
  BaseChains(Set<Family> families, DataplaneOptions options) {
    this.families = families;
    this.options = options;
    this.keeping =
        options.established() instanceof Established.Keep keep
            ? Optional.of(new Keeping(keep, families))
            : Optional.empty();
  }

  List<ChainContent> chains() {
    List<ChainContent> out = new ArrayList<>();
    out.add(forward());
    out.add(output());
    out.add(careful());
    out.add(byHeader());
    out.add(byReversed());
    out.add(deny(Names.deny(Direction.INGRESS), "ingress"));
    out.add(deny(Names.deny(Direction.EGRESS), "egress"));
    out.add(deny(Names.DENY_UNSURE, "unsure"));
    if (!options.ownNodeEgress()) {
      out.add(input());
      out.add(carefulInput());
    }
    keeping.ifPresent(one -> out.addAll(one.chains()));
    return out;
  }

  private ChainContent forward() {
    return base("forward", Hook.FORWARD, 0, judged("forward"));
  }

  /// What the node itself opens to its pods is free (S95); what it sends for others, as IPVS does,
  /// has a source that is not the node's own.
  private ChainContent output() {
    List<NftRule> rules = new ArrayList<>();
    rules.add(
        rule(
            "output",
            List.of(
                new Expression.AddressKind(true, REGISTER), Matching.equal(Bytes.ofNativeInt(2))),
            ACCEPT));
    rules.addAll(judged("output"));
    return base("output", Hook.OUTPUT, 0, rules);
  }

  private List<NftRule> judged(String chain) {
    List<NftRule> rules = new ArrayList<>();
    rules.add(rule(chain, state(INVALID | NEW | UNTRACKED), new Verdict.Jump(Names.CAREFUL)));
    keeping.ifPresent(one -> rules.add(one.accepted(chain)));
    for (Family family : families) {
      rules.add(dispatch(chain, Direction.EGRESS, family, Orientation.CONNECTION));
      rules.add(dispatch(chain, Direction.INGRESS, family, Orientation.CONNECTION));
    }
    keeping.ifPresent(one -> rules.add(one.judged(chain, Names.REMEMBER)));
    return rules;
  }

  /// Egress of the node's pods to the node itself (S98); ingress never comes this way.
  private ChainContent input() {
    List<NftRule> rules = new ArrayList<>();
    rules.add(rule("input", state(INVALID | UNTRACKED), new Verdict.Jump(Names.CAREFUL_INPUT)));
    keeping.ifPresent(one -> rules.add(one.accepted("input")));
    for (Family family : families) {
      rules.add(dispatch("input", Direction.EGRESS, family, Orientation.CONNECTION));
    }
    keeping.ifPresent(one -> rules.add(one.judged("input", Names.REMEMBER_INPUT)));
    return base("input", Hook.INPUT, AFTER_IPVS, rules);
  }

  private ChainContent careful() {
    List<NftRule> rules = new ArrayList<>();
    // One rule alone leads to each chain with maps: the kernel walks all groups behind it for each.
    rules.add(rule(Names.CAREFUL, newButTcp(), new Verdict.Return()));
    rules.add(rule(Names.CAREFUL, cleanStart(), new Verdict.Return()));
    rules.addAll(neighbours(Names.CAREFUL));
    rules.add(rule(Names.CAREFUL, state(UNTRACKED), new Verdict.Jump(Names.BY_HEADER)));
    rules.add(rule(Names.CAREFUL, state(NEW | UNTRACKED), new Verdict.Goto(Names.BY_REVERSED)));
    for (Family family : families) {
      rules.add(unsure(Names.CAREFUL, Orientation.headerSource(family), family));
      rules.add(unsure(Names.CAREFUL, Orientation.headerDestination(family), family));
    }
    return chain(Names.CAREFUL, rules);
  }

  private ChainContent carefulInput() {
    List<NftRule> rules = new ArrayList<>(neighbours(Names.CAREFUL_INPUT));
    for (Family family : families) {
      List<Expression> untracked =
          Matching.all(state(UNTRACKED), Orientation.HEADER.subject(Direction.EGRESS, family));
      List<Expression> byMap = new ArrayList<>(untracked);
      byMap.add(
          new Expression.ByMap(
              Names.dispatch(Direction.EGRESS, family, Orientation.HEADER), REGISTER));
      rules.add(new NftRule(Names.POLICY, Names.CAREFUL_INPUT, byMap, ""));
      rules.add(
          rule(
              Names.CAREFUL_INPUT,
              Matching.all(
                  state(INVALID),
                  Orientation.headerSource(family),
                  List.of(Matching.in(Names.isolated(family)))),
              new Verdict.Goto(Names.DENY_UNSURE)));
    }
    return chain(Names.CAREFUL_INPUT, rules);
  }

  /// Untracked packets, judged as sent; then they are judged as an answer.
  private ChainContent byHeader() {
    List<NftRule> rules = new ArrayList<>();
    for (Family family : families) {
      for (Direction direction : Direction.values()) {
        rules.add(dispatch(Names.BY_HEADER, direction, family, Orientation.HEADER));
      }
    }
    return chain(Names.BY_HEADER, rules);
  }

  private ChainContent byReversed() {
    List<NftRule> rules = new ArrayList<>();
    for (Family family : families) {
      for (Direction direction : Direction.values()) {
        rules.add(dispatch(Names.BY_REVERSED, direction, family, Orientation.REVERSED));
      }
    }
    return chain(Names.BY_REVERSED, rules);
  }

  private static NftRule unsure(String chain, List<Expression> address, Family family) {
    return rule(
        chain,
        Matching.all(address, List.of(Matching.in(Names.isolated(family)))),
        new Verdict.Goto(Names.DENY_UNSURE));
  }

  private static NftRule dispatch(
      String chain, Direction direction, Family family, Orientation orientation) {
    List<Expression> expressions = new ArrayList<>(orientation.subject(direction, family));
    expressions.add(new Expression.ByMap(Names.dispatch(direction, family, orientation), REGISTER));
    return new NftRule(Names.POLICY, chain, expressions, "");
  }

  /// A new connection of any other protocol: its first packet says who opened it.
  private static List<Expression> newButTcp() {
    return Matching.all(
        state(NEW),
        List.of(new Expression.Meta(MetaKey.PROTOCOL, REGISTER), Matching.notEqual(Bytes.of(6))));
  }

  /// A new connection that begins with a SYN alone. One that begins otherwise was picked up in the
  /// middle by conntrack, which may have taken an answer for a question.
  private static List<Expression> cleanStart() {
    return Matching.all(
        state(NEW),
        List.of(
            new Expression.Meta(MetaKey.PROTOCOL, REGISTER),
            Matching.equal(Bytes.of(6)),
            new Expression.Payload(Header.TRANSPORT, 13, 1, REGISTER),
            new Expression.Mask(REGISTER, Bytes.of(0x17)),
            Matching.equal(Bytes.of(0x02))));
  }

  /// Neighbour discovery and MLD (S73), but only on the link. A router would have lowered the hop
  /// limit of 255, and does not forward to the groups that MLD reports to, so neither carries
  /// anything further.
  private static List<NftRule> neighbours(String chain) {
    return List.of(
        rule(chain, Matching.all(icmpv6(133, 137), Frames.hopLimit(255)), ACCEPT),
        rule(chain, multicastListener(130, 132), ACCEPT),
        rule(chain, multicastListener(143, 143), ACCEPT));
  }

  private static List<Expression> multicastListener(int firstType, int lastType) {
    return Matching.all(icmpv6(firstType, lastType), Frames.multicast6(), Frames.hopLimit(1));
  }

  private static List<Expression> icmpv6(int firstType, int lastType) {
    return Matching.all(
        List.of(new Expression.Meta(MetaKey.FAMILY, REGISTER), Matching.equal(Bytes.of(10))),
        Frames.icmpv6(firstType, lastType));
  }

  private static List<Expression> state(int bits) {
    return Matching.all(
        List.of(new Expression.Connection(ConnectionKey.STATE, Optional.empty(), REGISTER)),
        Matching.anyBit(Bytes.ofNativeInt(bits)));
  }

  /// Counts, tells user space now and then, and drops or rejects.
  private ChainContent deny(String name, String word) {
    Expression end =
        switch (options.denial()) {
          case DROP -> new Expression.Judge(new Verdict.Drop());
          case REJECT -> new Expression.Reject(Expression.RejectWith.ADMIN_PROHIBITED);
        };
    return chain(
        name,
        List.of(
            new NftRule(
                Names.POLICY, name, List.of(new Expression.NamedCounter(Names.denied(name))), ""),
            new NftRule(
                Names.POLICY,
                name,
                List.of(
                    new Expression.Limit(100, 1, 200),
                    new Expression.Log(options.logGroup(), 128, "ringfence " + word)),
                ""),
            new NftRule(Names.POLICY, name, List.of(end), "")));
  }

  private static ChainContent base(String name, Hook hook, int priority, List<NftRule> rules) {
    return new ChainContent(NftChain.base(Names.POLICY, name, hook, priority, List.of()), rules);
  }

  private static ChainContent chain(String name, List<NftRule> rules) {
    return new ChainContent(NftChain.regular(Names.POLICY, name), rules);
  }

  private static NftRule rule(String chain, List<Expression> conditions, Verdict verdict) {
    return new NftRule(
        Names.POLICY, chain, Matching.all(conditions, List.of(new Expression.Judge(verdict))), "");
  }
}
