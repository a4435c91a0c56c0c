package dev.ringfence.nftables.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.worlds.World;
import dev.ringfence.nftables.linux.Linux;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.Expression;
import dev.ringfence.nftables.netlink.Expression.Compare;
import dev.ringfence.nftables.netlink.Expression.Header;
import dev.ringfence.nftables.netlink.Expression.MetaKey;
import dev.ringfence.nftables.netlink.Expression.Operator;
import dev.ringfence.nftables.netlink.NftChain.Hook;
import dev.ringfence.nftables.netlink.NftRule;
import dev.ringfence.nftables.netlink.TableName;
import dev.ringfence.nftables.netlink.Verdict;
import dev.ringfence.nftables.table.ChainContent;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.nftables.table.NodeTable;
import dev.ringfence.nftables.table.Programmed;
import dev.ringfence.nftables.table.TableContent;
import dev.ringfence.nftables.table.Wires;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Rules that nobody of ours would write, which look at packets in ways of their own.
class ForeignRulesTest {
  private static final int FIRST = 8;
  private static final int SECOND = 9;

  /// The byte is a message's type only in ICMP; in TCP it is half of the source port.
  @Test
  void aByteThatDiscoveryHasLetsTcpThrough() {
    ProofReport report =
        withFirstRule(
            new Expression.Payload(Header.TRANSPORT, 0, 1, FIRST),
            new Compare(FIRST, Operator.EQUAL, Bytes.of(0x82)),
            new Expression.Judge(new Verdict.Accept()));
    assertThat(report.holds()).isFalse();
    assertThat(report.differences())
        .anyMatch(one ->
            one.passes()
                && one.packet().protocol().equals(OptionalInt.of(Linux.IPPROTO_TCP))
                && one.packet().hook().equals("forward"));
  }

  private static ProofReport withFirstRule(Expression... expressions) {
    NodePolicy policy =
        LongStream.range(0, 100)
            .boxed()
            .flatMap(seed -> ProofLaws.nodes(World.random(seed)).stream())
            .filter(node -> node.groups().size() > 3)
            .findFirst()
            .orElseThrow();
    DataplaneOptions options = DataplaneOptions.STANDARD.withTableOwner(false);
    NodeTable right = Programmed.of(policy, Wires.NONE, options);
    assertThat(Proof.of(right, policy, Wires.NONE, options).holds()).isTrue();
    TableContent inet = right.policy();
    ChainContent forward = Objects.requireNonNull(inet.chains().get("forward"));
    List<NftRule> rules = new ArrayList<>(forward.rules());
    rules.addFirst(rule(inet.table().name(), expressions));
    Map<String, ChainContent> chains = new HashMap<>(inet.chains());
    chains.put("forward", new ChainContent(forward.chain(), rules));
    NodeTable wrong =
        new NodeTable(
            new TableContent(inet.table(), chains, inet.sets(), inet.counters()), right.guard());
    return Proof.of(wrong, policy, Wires.NONE, options);
  }

  private static NftRule rule(TableName table, Expression... expressions) {
    return new NftRule(table, "forward", List.of(expressions), "");
  }

  /// What is loaded has to be there, whichever register the next condition is about: a fragment
  /// without ports is not dropped by this rule.
  @Test
  void whatIsLoadedHasToBeThere() {
    InetTraffic traffic =
        new InetTraffic(
            Family.IPV4,
            Hook.FORWARD,
            Domain.ofAddresses(Family.IPV4),
            Domain.ofBytes(2),
            Optional.empty());
    TableContent table =
        Programmed.of(
                new NodePolicy("node", List.of(), Map.of(), Map.of()),
                Wires.NONE,
                DataplaneOptions.STANDARD)
            .policy();
    Expression protocol = new Expression.Meta(MetaKey.PROTOCOL, FIRST);
    Expression port = new Expression.Payload(Header.TRANSPORT, 2, 2, SECOND);
    Compare udp = new Compare(FIRST, Operator.EQUAL, Bytes.of(17));
    Expression drop = new Expression.Judge(new Verdict.Drop());
    TableName name = table.table().name();
    assertEquals(1, tests(rule(name, protocol, udp, drop), traffic, table));
    assertEquals(3, tests(rule(name, protocol, port, udp, drop), traffic, table));
  }

  private static int tests(NftRule rule, InetTraffic traffic, TableContent table) {
    return RuleCompiler.of(new RuleAt(rule, 1), traffic, table, new JoinedKeys.All())
        .tests()
        .size();
  }
}
