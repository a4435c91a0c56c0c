package dev.ringfence.e2e;

import static dev.ringfence.e2e.Traffic.dropped;
import static dev.ringfence.e2e.Traffic.passes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.core.model.Family;
import dev.ringfence.e2e.wire.Ear;
import dev.ringfence.e2e.wire.NeedsKernel;
import dev.ringfence.e2e.wire.Packets;
import dev.ringfence.e2e.wire.Space;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.report.AgentStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What others do to a node under a running agent: what is denied passes for no longer than the
/// agent's interval, what is allowed comes back, and the agent says what happened.
@ExtendWith(NeedsKernel.class)
@TestInstance(Lifecycle.PER_CLASS)
final class AgentFaultsTest {
  private static final int PORT = 8080;
  private static final Duration OFTEN = Duration.ofMillis(100);

  private static final String ONLY_C_TO_B =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: b, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: b}}
        ingress: [{from: [{podSelector: {matchLabels: {app: c}}}]}]
      """;

  private final Town town;
  private final Space a;
  private final Space b;
  private final Space c;
  private final Space node;
  private final Ear atB;

  AgentFaultsTest() throws Exception {
    town = Town.routed(EnforcedNode.OPEN_TO_EDITS, "a@node-1", "b@node-1", "c@node-1", "d@node-1");
    a = town.pod("a");
    b = town.pod("b");
    c = town.pod("c");
    node = town.node("node-1");
    atB = Ear.atWires(b);
  }

  @AfterEach
  void everythingPassesAgain() throws Exception {
    node.run("conntrack", "-F");
    node.sysctl("net.netfilter.nf_conntrack_tcp_loose=1");
    town.enforceNothing();
  }

  @AfterAll
  void close() throws Exception {
    atB.close();
    town.close();
  }

  private AgentInNode agent(Path folder, DataplaneOptions table, String policies) throws Exception {
    return AgentInNode.start(town, folder, table, OFTEN, policies);
  }

  private Traffic.Packet udp(String from, Family family) {
    return payload ->
        Packets.udp(town.address(from, family), 40_000, town.address("b", family), PORT, payload);
  }

  private void onlyCReachesB() throws Exception {
    for (Family family : Family.values()) {
      passes("c", c, atB, udp("c", family));
      dropped("a", a, atB, udp("a", family));
    }
  }

  @Test
  void anOwnedTableOutlivesAFlush(@TempDir Path folder) throws Exception {
    try (AgentInNode agent = agent(folder, DataplaneOptions.STANDARD, ONLY_C_TO_B)) {
      assumeTrue(agent.status().table().owned(), "needs a kernel that keeps tables");
      node.run("nft", "flush", "ruleset");
      onlyCReachesB();
      assertEquals(0, agent.status().table().repairs());
      assertTrue(agent.proved());
    }
  }

  @Test
  void whatIsFlushedIsBackWithinTheInterval(@TempDir Path folder) throws Exception {
    try (AgentInNode agent = agent(folder, EnforcedNode.OPEN_TO_EDITS, ONLY_C_TO_B)) {
      onlyCReachesB();
      node.run("nft", "flush", "ruleset");
      long flushed = System.nanoTime();
      AgentStatus status = agent.await(now -> now.table().repairs() > 0);
      Duration open = Duration.ofNanos(System.nanoTime() - flushed);
      onlyCReachesB();
      assertThat(open).isLessThan(OFTEN.multipliedBy(20)); // a loaded machine is slow
      assertThat(status.table().repaired()).isPositive();
      assertThat(status.table().lastRepairAt()).isNotNull();
      assertThat(agent.words()).anyMatch(word -> word.startsWith("repaired"));
      assertTrue(agent.proved());
    }
  }

  @Test
  void whatOthersEditIsPutRightAndCounted(@TempDir Path folder) throws Exception {
    try (AgentInNode agent = agent(folder, EnforcedNode.OPEN_TO_EDITS, ONLY_C_TO_B)) {
      for (String edit : edits()) {
        long repairs = agent.status().table().repairs();
        node.feed(edit + "\n", "nft", "-f", "-");
        agent.await(status -> status.table().repairs() > repairs);
        onlyCReachesB();
      }
      assertThat(agent.status().table().repaired()).isGreaterThanOrEqualTo(edits().size());
      assertTrue(agent.proved());
    }
  }

  private List<String> edits() {
    String b4 = town.address("b", Family.IPV4).toString();
    String a4 = town.address("a", Family.IPV4).toString();
    String peers =
        node.run("nft", "list", "table", "inet", "ringfence")
            .lines()
            .map(String::strip)
            .filter(line -> line.startsWith("set peers_") && line.contains("_4 "))
            .findFirst()
            .orElseThrow()
            .split(" ", -1)[1];
    return List.of(
        "insert rule inet ringfence forward accept",
        "delete element inet ringfence ingress_local_4 { " + b4 + " }",
        "add element inet ringfence " + peers + " { " + a4 + " }",
        "flush chain inet ringfence careful",
        "delete table netdev ringfence",
        "delete table inet ringfence");
  }

  /// Lost connections may cost what is picked up in the middle, but open nothing.
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void forgottenConnectionsOpenNothing(int loose, @TempDir Path folder) throws Exception {
    node.sysctl("net.netfilter.nf_conntrack_tcp_loose=" + loose);
    try (AgentInNode agent = agent(folder, DataplaneOptions.STANDARD, "")) {
      for (Family family : Family.values()) {
        try (TcpTalk denied = TcpTalk.open(a, b, town.address("b", family), PORT);
            TcpTalk allowed = TcpTalk.open(c, b, town.address("b", family), PORT + 1)) {
          agent.follow(ONLY_C_TO_B);
          node.run("conntrack", "-F");
          denied.serverSays("still there?");
          allowed.serverSays("still there?");
          denied.clientHearsNothing();
          if (loose == 1) {
            assertEquals("still there?", allowed.clientHears());
          } else {
            allowed.clientHearsNothing();
            try (TcpTalk anew = TcpTalk.open(c, b, town.address("b", family), PORT + 2)) {
              anew.serverSays("anew");
              assertEquals("anew", anew.clientHears());
            }
          }
          agent.follow("");
        }
      }
    }
  }

  /// The kernel drops what finds no room, whatever a policy says; what has its entry goes on.
  @Test
  void aFullConnectionTableOpensNothing(@TempDir Path folder) throws Exception {
    int most = Integer.parseInt(node.run("sysctl", "-n", "net.netfilter.nf_conntrack_max").strip());
    assumeTrue(most <= 300_000, "a table that is quickly filled");
    try (AgentInNode agent = agent(folder, DataplaneOptions.STANDARD, ONLY_C_TO_B);
        TcpTalk before = TcpTalk.open(c, b, town.address("b", Family.IPV4), PORT)) {
      before.clientSays("hello");
      assertEquals("hello", before.serverHears());
      fill(folder, most);
      for (Family family : Family.values()) {
        dropped("a", a, atB, udp("a", family));
        dropped("c, for whom there is no room", c, atB, udp("c", family));
      }
      before.serverSays("still here");
      assertEquals("still here", before.clientHears());
      agent.follow(ONLY_C_TO_B.replace("app: c", "app: d"));
      before.serverSays("and now?");
      before.clientHearsNothing();
      agent.follow(ONLY_C_TO_B);
      assertEquals("and now?", before.clientHears());
      node.run("conntrack", "-F");
      onlyCReachesB();
      assertTrue(agent.proved());
    }
  }

  /// Entries that are not pushed out for new ones.
  private void fill(Path folder, int most) throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i <= most; i++) {
      lines.append(
          "-I -s 100.64.%d.%d -d 100.65.0.%d -p udp --sport %d --dport 9 -u SEEN_REPLY,ASSURED -t 600\n"
              .formatted(i >> 8 & 0xFF, i & 0xFF, i >> 16, 1000 + (i >> 16)));
    }
    Path file = Files.writeString(folder.resolve("entries"), lines);
    try {
      node.run("conntrack", "-R", file.toString());
    } catch (IllegalStateException full) {
      assertThat(full.getMessage()).contains("conntrack");
    }
    int filled = Integer.parseInt(node.run("conntrack", "-C").strip());
    assertThat(filled).isGreaterThanOrEqualTo(most);
  }

  /// More is told of routes than a socket holds: what was lost is looked up, and wires that came
  /// meanwhile are guarded.
  @Test
  void aFloodOfRoutesLosesNoWire(@TempDir Path folder) throws Exception {
    String moved = town.address("d", Family.IPV4).toString();
    String route = node.run("ip", "route", "show", moved).strip();
    node.ip("link add rfnew type veth peer name rfnewpeer\nlink set rfnew up");
    try (AgentInNode agent = agent(folder, DataplaneOptions.STANDARD, ONLY_C_TO_B)) {
      for (int round = 0; round < 20 && lost() == 0; round++) {
        node.ip(flood("add") + "\n" + flood("delete"));
      }
      assertThat(lost()).isPositive();
      node.ip("route replace " + moved + " dev rfnew");
      long end = System.nanoTime() + 20_000_000_000L;
      while (!guards().contains("\"rfnew\"") && System.nanoTime() < end) {
        Thread.sleep(50);
      }
      assertThat(guards()).contains("\"rfnew\"");
      onlyCReachesB();
      assertTrue(agent.proved());
    } finally {
      node.ip("route replace " + route);
      node.ip("link delete rfnew");
    }
  }

  private String guards() {
    return node.run("nft", "list", "table", "netdev", "ringfence");
  }

  private static String flood(String verb) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < 4_000; i++) {
      out.append("route %s 198.19.%d.%d/32 dev rfnew\n".formatted(verb, i >> 8, i & 0xFF));
    }
    return out.toString();
  }

  /// How much news of routes found no room so far.
  private long lost() {
    return node.run("cat", "/proc/net/netlink")
        .lines()
        .skip(1)
        .map(line -> line.strip().split(" +", -1))
        .filter(socket -> socket[1].equals("0"))
        .mapToLong(socket -> Long.parseLong(socket[8]))
        .sum();
  }
}
