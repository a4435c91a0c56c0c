package dev.ringfence.nftables.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.ScratchNamespace;
import dev.ringfence.nftables.linux.Errno;
import dev.ringfence.nftables.netlink.Expression.ConnectionKey;
import dev.ringfence.nftables.netlink.Expression.Header;
import dev.ringfence.nftables.netlink.Expression.MetaKey;
import dev.ringfence.nftables.netlink.Expression.Operator;
import dev.ringfence.nftables.netlink.Expression.RejectWith;
import dev.ringfence.nftables.netlink.Expression.Side;
import dev.ringfence.nftables.netlink.Expression.Translation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class NftKernelTest {
  private static final TableName TABLE = new TableName(NftFamily.INET, "rf-test");
  private static final TableName WIRES = new TableName(NftFamily.NETDEV, "rf-test");

  private interface Body {
    void run(ScratchNamespace namespace, NetlinkSocket socket, NftDump dump) throws Exception;
  }

  private static void inNamespace(Body body) throws Exception {
    try (var scratch = ScratchNamespace.create()) {
      scratch.inside(() -> {
        try (NetlinkSocket socket = NetlinkSocket.netfilter()) {
          body.run(scratch, socket, new NftDump(socket));
        }
        return null;
      });
    }
  }

  private static Bytes address(String text) {
    return Bytes.copyOf(Address.of(text).bytes());
  }

  private static Expression load(ConnectionKey key, Side side) {
    return new Expression.Connection(key, Optional.of(side), Expression.REGISTER);
  }

  private static Expression equal(Bytes value) {
    return new Expression.Compare(Expression.REGISTER, Operator.EQUAL, value);
  }

  private static Expression meta(MetaKey key) {
    return new Expression.Meta(key, Expression.REGISTER);
  }

  private static Expression payload(Header header, int offset, int length) {
    return new Expression.Payload(header, offset, length, Expression.REGISTER);
  }

  private static NftRule rule(String chain, Expression... expressions) {
    return new NftRule(TABLE, chain, List.of(expressions), "");
  }

  @Test
  void translationsAreReadBackAsWrittenAndListed() throws Exception {
    inNamespace((namespace, socket, dump) -> {
      NftSet doors =
          new NftSet(
              TABLE,
              "doors",
              List.of(KeyType.IPV4, KeyType.PROTOCOL, KeyType.PORT),
              false,
              Optional.of(new NftSet.Data.Verdicts()),
              OptionalInt.empty(),
              "");
      NftElement door =
          NftElement.of(
              address("10.96.0.1").then(Bytes.of(6, 0, 0, 0)).then(Bytes.of(0, 80, 0, 0)),
              new Verdict.Goto("pod"));
      NftChain before = NftChain.translating(TABLE, "prerouting", NftChain.Hook.PREROUTING, -100);
      NftChain after = NftChain.translating(TABLE, "postrouting", NftChain.Hook.POSTROUTING, 100);
      List<NftRule> rules =
          List.of(
              rule(
                  "pod",
                  meta(MetaKey.PROTOCOL),
                  equal(Bytes.of(6)),
                  new Expression.Load(1, address("10.0.0.1")),
                  new Expression.Load(2, Bytes.ofShort(8080)),
                  new Expression.Translate(
                      Translation.DESTINATION, Family.IPV4, 1, OptionalInt.of(2))),
              rule(
                  "prerouting",
                  meta(MetaKey.FAMILY),
                  equal(Bytes.of(2)),
                  payload(Header.NETWORK, 16, 4),
                  new Expression.Meta(MetaKey.PROTOCOL, 9),
                  new Expression.Payload(Header.TRANSPORT, 2, 2, 10),
                  new Expression.ByMap("doors", Expression.REGISTER)),
              rule(
                  "postrouting",
                  load(ConnectionKey.SOURCE_IPV6, Side.ORIGINAL),
                  equal(address("fd00::1")),
                  new Expression.Load(1, address("fd00::2")),
                  new Expression.Translate(
                      Translation.SOURCE, Family.IPV6, 1, OptionalInt.empty())));
      Batch batch = new Batch();
      batch.add(NftTable.plain(TABLE, ""));
      batch.add(doors);
      List.of(NftChain.regular(TABLE, "pod"), before, after).forEach(batch::add);
      batch.addElements(doors, List.of(door));
      rules.forEach(batch::add);
      socket.transact(batch);
      assertThat(dump.sets(TABLE)).containsExactly(doors);
      assertThat(dump.elements(doors)).containsExactly(door);
      assertThat(dump.chains(TABLE)).contains(before, after);
      assertThat(dump.rules(TABLE)).containsExactlyInAnyOrderElementsOf(rules);
      assertThat(namespace.run("nft", "list", "table", "inet", "rf-test"))
          .contains(
              "10.96.0.1 . tcp . 80 : goto pod",
              "ip daddr . meta l4proto . th dport vmap @doors",
              "dnat ip to 10.0.0.1:8080",
              "snat ip6 to fd00::2");
    });
  }

  @Test
  void everyKindIsReadBackAsWritten() throws Exception {
    inNamespace((namespace, socket, dump) -> {
      NftTable table = NftTable.plain(TABLE, "layout 1");
      NftSet pods = NftSet.hash(TABLE, "pods", KeyType.IPV4, 100, "role=db in shop");
      NftSet nets = NftSet.intervals(TABLE, "nets", KeyType.IPV6, "");
      NftSet ports = NftSet.intervals(TABLE, "ports", KeyType.PORT, "web");
      NftSet local = NftSet.verdicts(TABLE, "local", KeyType.IPV4);
      NftSet marks =
          new NftSet(
              TABLE,
              "marks",
              List.of(KeyType.IPV4),
              false,
              Optional.of(new NftSet.Data.Values(KeyType.MARK)),
              OptionalInt.of(8),
              "");
      NftSet both =
          new NftSet(
              TABLE,
              "both",
              List.of(KeyType.IPV4, KeyType.PROTOCOL, KeyType.PORT),
              true,
              Optional.empty(),
              OptionalInt.empty(),
              "");
      NftChain deny = NftChain.regular(TABLE, "deny");
      NftChain group = NftChain.regular(TABLE, "group");
      NftChain hook = NftChain.base(TABLE, "forward", NftChain.Hook.FORWARD, 0, List.of());
      List<NftElement> podList =
          List.of(NftElement.of(address("10.0.0.1")), NftElement.of(address("10.0.0.2")));
      List<NftElement> netList =
          List.of(
              NftElement.of(address("fd00::")), NftElement.endOfInterval(address("fd00:0:0:1::")));
      List<NftElement> portList =
          List.of(
              NftElement.of(Bytes.ofShort(80)),
              NftElement.endOfInterval(Bytes.ofShort(91)),
              NftElement.of(Bytes.ofShort(443)),
              NftElement.endOfInterval(Bytes.ofShort(444)),
              NftElement.of(Bytes.ofShort(65_000)));
      List<NftElement> localList =
          List.of(
              NftElement.of(address("10.0.0.1"), new Verdict.Jump("group")),
              NftElement.of(address("10.0.0.2"), new Verdict.Goto("deny")),
              NftElement.of(address("10.0.0.3"), new Verdict.Drop()));
      List<NftElement> markList =
          List.of(
              new NftElement(
                  address("10.0.0.1"),
                  Optional.empty(),
                  false,
                  Optional.of(new NftElement.Data.ToValue(Bytes.ofNativeInt(7)))));
      Bytes from = address("10.0.0.0").then(Bytes.of(6, 0, 0, 0)).then(Bytes.of(0, 80, 0, 0));
      Bytes to = address("10.0.0.255").then(Bytes.of(6, 0, 0, 0)).then(Bytes.of(0, 90, 0, 0));
      List<NftElement> bothList = List.of(NftElement.concatenatedRange(from, to));

      List<NftRule> rules =
          List.of(
              rule(
                  "deny",
                  new Expression.NamedCounter("denied"),
                  new Expression.Limit(10, 1, 20),
                  new Expression.Log(5, 128, "ringfence")),
              new NftRule(
                  TABLE,
                  "deny",
                  List.of(new Expression.Judge(new Verdict.Drop())),
                  "nothing passes"),
              rule(
                  "group",
                  load(ConnectionKey.SOURCE_IPV4, Side.ORIGINAL),
                  new Expression.InSet("pods", Expression.REGISTER, false),
                  new Expression.Judge(new Verdict.Return())),
              rule(
                  "group",
                  new Expression.Connection(
                      ConnectionKey.PROTOCOL, Optional.empty(), Expression.REGISTER),
                  equal(Bytes.of(6)),
                  load(ConnectionKey.SOURCE_PORT, Side.REPLY),
                  new Expression.InSet("ports", Expression.REGISTER, false),
                  new Expression.Judge(new Verdict.Return())),
              rule(
                  "group",
                  load(ConnectionKey.SOURCE_IPV6, Side.REPLY),
                  new Expression.InSet("nets", Expression.REGISTER, true),
                  new Expression.Counter(),
                  new Expression.Judge(new Verdict.Goto("deny"))),
              rule("group", new Expression.Reject(RejectWith.ADMIN_PROHIBITED)),
              rule(
                  "forward",
                  load(ConnectionKey.SOURCE_IPV4, Side.ORIGINAL),
                  new Expression.ByMap("local", Expression.REGISTER)),
              rule(
                  "forward",
                  new Expression.Connection(
                      ConnectionKey.STATE, Optional.empty(), Expression.REGISTER),
                  new Expression.Mask(Expression.REGISTER, Bytes.ofNativeInt(65)),
                  new Expression.Compare(
                      Expression.REGISTER, Operator.NOT_EQUAL, Bytes.ofNativeInt(0)),
                  new Expression.Judge(new Verdict.Jump("group"))),
              rule(
                  "forward",
                  meta(MetaKey.FAMILY),
                  equal(Bytes.of(10)),
                  meta(MetaKey.PROTOCOL),
                  equal(Bytes.of(58)),
                  payload(Header.TRANSPORT, 0, 1),
                  new Expression.Compare(
                      Expression.REGISTER, Operator.GREATER_OR_EQUAL, Bytes.of(133)),
                  new Expression.Compare(
                      Expression.REGISTER, Operator.LESS_OR_EQUAL, Bytes.of(137)),
                  payload(Header.NETWORK, 7, 1),
                  equal(Bytes.of(255)),
                  new Expression.Judge(new Verdict.Accept())),
              rule(
                  "forward",
                  new Expression.AddressKind(true, Expression.REGISTER),
                  equal(Bytes.ofNativeInt(2)),
                  new Expression.Judge(new Verdict.Accept())));
      NftChain guard = NftChain.base(WIRES, "guard", NftChain.Hook.INGRESS, -500, List.of("lo"));
      NftRule arp =
          new NftRule(
              WIRES,
              "guard",
              List.of(
                  meta(MetaKey.ETHER_TYPE),
                  equal(Bytes.ofShort(0x0806)),
                  payload(Header.NETWORK, 14, 4),
                  equal(address("10.0.0.1")),
                  new Expression.Judge(new Verdict.Accept())),
              "");

      Batch batch = new Batch();
      batch.add(table);
      batch.add(NftTable.plain(WIRES, ""));
      List.of(pods, nets, ports, local, marks, both).forEach(batch::add);
      List.of(deny, group, hook, guard).forEach(batch::add);
      batch.add(new NftCounter(TABLE, "denied"));
      batch.addElements(pods, podList);
      batch.addElements(nets, netList);
      batch.addElements(ports, portList);
      batch.addElements(local, localList);
      batch.addElements(marks, markList);
      batch.addElements(both, bothList);
      rules.forEach(batch::add);
      batch.add(arp);
      socket.transact(batch);

      assertEquals(Optional.of(table), dump.table(TABLE));
      assertEquals(List.of(deny, group, hook), dump.chains(TABLE));
      assertEquals(List.of(guard), dump.chains(WIRES));
      assertThat(dump.sets(TABLE)).containsExactlyInAnyOrder(pods, nets, ports, local, marks, both);
      assertThat(dump.elements(pods)).containsExactlyInAnyOrderElementsOf(podList);
      assertThat(dump.elements(nets)).containsExactlyInAnyOrderElementsOf(netList);
      assertThat(dump.elements(ports)).containsExactlyInAnyOrderElementsOf(portList);
      assertThat(dump.elements(local)).containsExactlyInAnyOrderElementsOf(localList);
      assertThat(dump.elements(marks)).containsExactlyInAnyOrderElementsOf(markList);
      assertThat(dump.elements(both)).containsExactlyInAnyOrderElementsOf(bothList);
      assertThat(dump.rules(TABLE)).containsExactlyInAnyOrderElementsOf(rules);
      assertEquals(List.of(arp), dump.rules(WIRES));
      assertEquals(List.of(new NftCounter.Value("denied", 0, 0)), dump.counters(TABLE));

      String list = namespace.run("nft", "list", "ruleset");
      assertThat(list)
          .contains("comment \"layout 1\"")
          .contains("comment \"role=db in shop\"")
          .contains("elements = { 10.0.0.1, 10.0.0.2 }")
          .contains("elements = { fd00::/64 }")
          .contains("elements = { 80-90, 443, 65000-65535 }")
          .contains("elements = { 10.0.0.1 : jump group, 10.0.0.2 : goto deny")
          .contains("elements = { 10.0.0.0/24 . tcp . 80-90 }")
          .contains("elements = { 10.0.0.1 : 0x00000007 }")
          .contains(
              "counter name \"denied\" limit rate 10/second burst 20 packets"
                  + " log prefix \"ringfence\" group 5 snaplen 128")
          .contains("drop comment \"nothing passes\"")
          .contains("ct original ip saddr @pods return")
          .contains("ct protocol tcp ct reply proto-src @ports return")
          .contains("ct reply ip6 saddr != @nets counter packets 0 bytes 0 goto deny")
          .contains("reject with icmpx admin-prohibited")
          .contains("type filter hook forward priority filter; policy accept;")
          .contains("ct original ip saddr vmap @local")
          .contains("ct state invalid,untracked jump group")
          .contains("icmpv6 type 133-137 ip6 hoplimit 255 accept")
          .contains("fib saddr type local accept")
          .contains("type filter hook ingress device \"lo\" priority -500; policy accept;")
          .contains("arp saddr ip 10.0.0.1 accept");
      assertTrue(namespace.run("nft", "-j", "list", "ruleset").startsWith("{\"nftables\""));

      Batch removal = new Batch();
      List.of(deny, group, hook).forEach(removal::flush);
      removal.deleteElements(local, localList);
      removal.deleteElements(ports, portList);
      List.of(pods, nets, ports, local, marks, both).forEach(removal::delete);
      List.of(hook, group, deny).forEach(removal::delete);
      removal.delete(new NftCounter(TABLE, "denied"));
      removal.deleteTable(WIRES);
      socket.transact(removal);
      assertEquals(List.of(table), dump.tables());
      assertEquals(List.of(), dump.chains(TABLE));
      assertEquals(List.of(), dump.sets(TABLE));
    });
  }

  @Test
  void aRefusedElementIsNamedAndNothingIsDone() throws Exception {
    inNamespace((_, socket, dump) -> {
      NftSet pods = NftSet.hash(TABLE, "pods", KeyType.IPV4, 1000, "");
      Batch batch = new Batch();
      batch.add(NftTable.plain(TABLE, ""));
      batch.add(pods);
      batch.addElements(pods, pods(100));
      socket.transact(batch);

      Batch wrong = new Batch();
      wrong.addElements(pods, List.of(NftElement.of(address("10.9.0.1"))));
      wrong.deleteElements(
          pods,
          List.of(
              NftElement.of(address("10.0.0.5")),
              NftElement.of(address("10.7.7.7")),
              NftElement.of(address("10.0.0.6"))));
      KernelRefused refused = assertThrows(KernelRefused.class, () -> socket.transact(wrong));
      assertEquals(Errno.ENOENT, refused.errno());
      assertEquals("delete element 10.7.7.7 of set inet rf-test pods", refused.request());
      assertEquals(100, dump.elements(pods).size());

      Batch twice = new Batch();
      twice.add(NftChain.regular(TABLE, "a"));
      twice.add(
          new NftRule(TABLE, "a", List.of(new Expression.Judge(new Verdict.Jump("nowhere"))), ""));
      refused = assertThrows(KernelRefused.class, () -> socket.transact(twice));
      assertEquals(
          "add a rule to chain inet rf-test a: No such file or directory (errno 2)",
          refused.getMessage());
      assertEquals(List.of(), dump.chains(TABLE));
    });
  }

  @Test
  void aFullSetSaysSo() throws Exception {
    inNamespace((_, socket, _) -> {
      NftSet pods = NftSet.hash(TABLE, "pods", KeyType.IPV4, 10, "");
      Batch batch = new Batch();
      batch.add(NftTable.plain(TABLE, ""));
      batch.add(pods);
      batch.addElements(pods, pods(11));
      KernelRefused refused = assertThrows(KernelRefused.class, () -> socket.transact(batch));
      assertEquals(Errno.ENFILE, refused.errno());
      assertEquals("add element 10.0.0.10 to set inet rf-test pods", refused.request());
    });
  }

  @Test
  void anOwnedTableBelongsToItsSocketAndOutlivesIt() throws Exception {
    assumeTrue(OwnedTables.areTaken(), "needs tables that outlive their owner");
    inNamespace((namespace, socket, dump) -> {
      NftTable owned = new NftTable(TABLE, true, true, "layout 1");
      try (NetlinkSocket owner = NetlinkSocket.netfilter()) {
        Batch batch = new Batch();
        batch.add(owned);
        owner.transact(batch);
        Batch foreign = new Batch();
        foreign.add(NftChain.regular(TABLE, "a"));
        KernelRefused refused = assertThrows(KernelRefused.class, () -> socket.transact(foreign));
        assertEquals(Errno.EPERM, refused.errno());
        namespace.run("nft", "flush", "ruleset");
        assertEquals(Optional.of(owned), dump.table(TABLE));
        assertTrue(namespace.run("nft", "list", "ruleset").contains("flags owner"));
      }
      assertEquals(Optional.of(new NftTable(TABLE, false, true, "layout 1")), dump.table(TABLE));
      Batch claim = new Batch();
      claim.add(owned);
      socket.transact(claim);
      assertEquals(Optional.of(owned), dump.table(TABLE));
    });
  }

  @Test
  void tenThousandElementsGoInOneTransactionAndOneTakesMicroseconds() throws Exception {
    inNamespace((_, socket, dump) -> {
      NftSet pods = NftSet.hash(TABLE, "pods", KeyType.IPV4, 20_000, "");
      Batch batch = new Batch();
      batch.add(NftTable.plain(TABLE, ""));
      batch.add(pods);
      batch.addElements(pods, pods(10_000));
      long before = System.nanoTime();
      socket.transact(batch);
      long bulk = System.nanoTime() - before;
      List<NftElement> read = dump.elements(pods);
      assertEquals(new HashSet<>(pods(10_000)), new HashSet<>(read));
      long[] single = new long[2000];
      for (int i = 0; i < single.length; i++) {
        long start = System.nanoTime();
        Batch one = new Batch();
        one.addElements(pods, List.of(NftElement.of(Bytes.of(10, 200, i >> 8, i))));
        socket.transact(one);
        single[i] = System.nanoTime() - start;
      }
      Arrays.sort(single);
      System.out.printf(
          "10,000 elements in %d us; one more in %d us (p50), %d us (p95)%n",
          bulk / 1000, single[1000] / 1000, single[1900] / 1000);
      assertEquals(12_000, dump.elements(pods).size());
    });
  }

  private static List<NftElement> pods(int count) {
    List<NftElement> out = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      out.add(NftElement.of(Bytes.of(10, 0, i >> 8, i)));
    }
    return out;
  }
}
