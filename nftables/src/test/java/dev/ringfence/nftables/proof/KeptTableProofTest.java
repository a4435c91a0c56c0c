package dev.ringfence.nftables.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.NodePolicy.Admission;
import dev.ringfence.core.compiled.NodePolicy.Group;
import dev.ringfence.core.compiled.NodePolicy.LocalPod;
import dev.ringfence.core.compiled.NodePolicy.PeerSet;
import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.PortRange;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.Expression;
import dev.ringfence.nftables.netlink.Expression.ConnectionKey;
import dev.ringfence.nftables.netlink.NftRule;
import dev.ringfence.nftables.netlink.Verdict;
import dev.ringfence.nftables.table.ChainContent;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.nftables.table.Established;
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
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A table that keeps connections is proved, and what is wrong about how it does so is found.
class KeptTableProofTest {
  private static final DataplaneOptions KEEP =
      DataplaneOptions.STANDARD.with(Established.Keep.STANDARD);

  private static final List<Address> A = addresses("10.44.0.1", "fd44::1");
  private static final List<Address> B = addresses("10.44.0.2", "fd44::2");
  private static final List<Address> PEER = addresses("10.45.0.1", "fd45::1");
  private static final List<Address> OTHERS = addresses("203.0.113.1", "2001:db8::1");

  private static List<Address> addresses(String... texts) {
    return Stream.of(texts).map(Address::of).toList();
  }

  /// Both pods may go to a peer and be reached by one, of which `b` is one itself.
  private static NodePolicy policy() {
    PortSet web = PortSet.of(Protocol.TCP, PortRange.only(80));
    Admission peers = new Admission("peers", web);
    Optional<String> in = Optional.of("in");
    Optional<String> out = Optional.of("out");
    return new NodePolicy(
        "node-1",
        List.of(
            new LocalPod(new ObjectName("shop", "a"), A, in, out),
            new LocalPod(new ObjectName("shop", "b"), B, in, out)),
        Map.of(
            "out", new Group("out", Direction.EGRESS, List.of("p"), List.of(peers), List.of()),
            "in", new Group("in", Direction.INGRESS, List.of("p"), List.of(peers), List.of())),
        Map.of("peers", new PeerSet("peers", "peers", peersAndB())));
  }

  private static Set<Address> peersAndB() {
    return Stream.of(PEER, B).flatMap(List::stream).collect(Collectors.toSet());
  }

  private static ProofReport prove(NodeTable table) {
    return Proof.of(table, policy(), Wires.NONE, KEEP);
  }

  private static NodeTable right() {
    return Programmed.of(policy(), Wires.NONE, KEEP, Set.copyOf(OTHERS));
  }

  private static NodeTable with(String chain, Consumer<List<NftRule>> change) {
    TableContent inet = right().policy();
    ChainContent old = Objects.requireNonNull(inet.chains().get(chain));
    List<NftRule> rules = new ArrayList<>(old.rules());
    change.accept(rules);
    Map<String, ChainContent> chains = new HashMap<>(inet.chains());
    chains.put(chain, new ChainContent(old.chain(), rules));
    return new NodeTable(
        new TableContent(inet.table(), chains, inet.sets(), inet.counters()), right().guard());
  }

  private static NftRule rule(String chain, List<Expression> expressions) {
    return new NftRule(right().policy().table().name(), chain, expressions, "");
  }

  @Test
  void theRightOneHolds() {
    ProofReport report = prove(right());
    assertThat(report.differences()).isEmpty();
    assertTrue(report.holds(), report::toString);
  }

  @Test
  void oneThatCutsIsAnother() {
    NodeTable cut = Programmed.of(policy(), Wires.NONE, DataplaneOptions.STANDARD);
    assertFalse(prove(cut).holds());
    assertFalse(Proof.of(right(), policy(), Wires.NONE, DataplaneOptions.STANDARD).holds());
  }

  record Fault(String words, NodeTable table) {
    @Override
    public String toString() {
      return words;
    }
  }

  static Stream<Fault> faults() {
    List<Fault> out = new ArrayList<>();
    for (String chain : List.of("kept", "remember", "remember_input")) {
      int rules = Objects.requireNonNull(right().policy().chains().get(chain)).rules().size();
      IntStream.range(0, rules)
          .forEach(i ->
              out.add(
                  new Fault(
                      "rule %d of %s is missing".formatted(i + 1, chain),
                      with(chain, all -> all.remove(i)))));
    }
    for (String chain : List.of("forward", "output", "input")) {
      out.add(
          new Fault(
              "the mark is set too early, in " + chain,
              with(chain, all -> all.add(all.size() - 2, all.removeLast()))));
      out.add(new Fault("nothing is remembered, in " + chain, with(chain, List::removeLast)));
      out.add(
          new Fault(
              "marks are not believed, in " + chain,
              with(chain, all -> all.removeIf(one -> one.toString().contains("kept")))));
      out.add(
          new Fault(
              "established is enough, in " + chain,
              with(chain, all -> all.addFirst(rule(chain, established())))));
    }
    out.add(
        new Fault(
            "marks are believed before the packet's connection is sure",
            with("forward", all -> all.addFirst(all.remove(1)))));
    out.add(
        new Fault(
            "another bit is believed",
            with("forward", all -> all.add(1, rule("forward", believed(0x4000))))));
    out.add(
        new Fault(
            "another bit is set",
            with("remember", all -> all.add(rule("remember", told(0x4000))))));
    out.add(
        new Fault(
            "both bits are set",
            with("remember", all -> all.add(rule("remember", told(0x2000_4000))))));
    out.add(
        new Fault("whatever is marked", with("kept", all -> all.addFirst(rule("kept", accept())))));
    return out.stream();
  }

  private static List<Expression> accept() {
    return List.of(new Expression.Judge(new Verdict.Accept()));
  }

  private static List<Expression> established() {
    return List.of(
        new Expression.Connection(ConnectionKey.STATE, Optional.empty(), 1),
        new Expression.Mask(1, Bytes.ofNativeInt(2)),
        new Expression.Compare(1, Expression.Operator.NOT_EQUAL, Bytes.ofNativeInt(0)),
        new Expression.Judge(new Verdict.Accept()));
  }

  private static List<Expression> believed(int bits) {
    return List.of(
        new Expression.Connection(ConnectionKey.MARK, Optional.empty(), 1),
        new Expression.Mask(1, Bytes.ofNativeInt(bits)),
        new Expression.Compare(1, Expression.Operator.EQUAL, Bytes.ofNativeInt(bits)),
        new Expression.Judge(new Verdict.Jump("kept")));
  }

  private static List<Expression> told(int bits) {
    return List.of(
        new Expression.Connection(ConnectionKey.MARK, Optional.empty(), 1),
        new Expression.Bits(1, Bytes.ofNativeInt(bits)),
        new Expression.Tell(ConnectionKey.MARK, 1));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void whatIsWrongIsFound(Fault fault) {
    ProofReport report = prove(fault.table());
    assertFalse(report.holds(), fault::words);
    assertThat(report.differences().size() + report.unproved().size()).isPositive();
  }
}
