package dev.ringfence.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringfence.core.model.Family;
import dev.ringfence.e2e.wire.Ear;
import dev.ringfence.e2e.wire.NeedsKernel;
import dev.ringfence.e2e.wire.Packets;
import dev.ringfence.e2e.wire.Space;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// While policies change, packets meet the old ones or the new ones, never a mixture and never
/// nothing; nor do they while an agent ends and the next one takes over.
@Tag("soak")
@ExtendWith(NeedsKernel.class)
final class NoGapTest {
  private static final int CHANGES = Boolean.getBoolean("ringfence.soak") ? 1_000 : 60;

  private static final int PORT = 8080;

  /// `c` may reach `b`, and `a` may not; everything else about it is another each time.
  private static String policies(int number) {
    return """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: b-%1$d, namespace: shop}
    spec:
      podSelector: {matchLabels: {app: b}}
      ingress:
      - from: [{podSelector: {matchExpressions: [{key: app, operator: In, values: [c, d%1$d]}]}}]
        ports: [{port: %2$d, endPort: %3$d, protocol: UDP}, {port: %4$d}]
      - from: [{ipBlock: {cidr: 172.16.%5$d.0/24}}, {ipBlock: {cidr: 'fd16:%5$d::/32'}}]
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: c-%1$d, namespace: shop}
    spec:
      podSelector: {matchLabels: {app: c}}
      policyTypes: [Egress]
      egress: [{to: [{podSelector: {}}], ports: [{port: %2$d, endPort: 9000, protocol: UDP}]}]
    """
        .formatted(number, PORT - number, PORT + number % 7, 1000 + number, number % 200);
  }

  private final Town town;
  private final Space a;
  private final Space c;
  private final Ear atB;

  NoGapTest() throws Exception {
    town = Town.routed(EnforcedNode.OPEN_TO_EDITS, "a@node-1", "b@node-1", "c@node-1");
    a = town.pod("a");
    c = town.pod("c");
    atB = Ear.atUdp(town.pod("b"), PORT);
  }

  @AfterEach
  void close() throws Exception {
    atB.close();
    town.close();
  }

  private Stream stream(String name, Space from) {
    return new Stream(
        from,
        family -> town.address(name, family),
        family -> town.address("b", family),
        PORT,
        Duration.ofNanos(200_000));
  }

  @Test
  void changesAreWhole() throws Exception {
    town.enforce(policies(0));
    Traffic.passes("the way is known", c, atB, payload -> packet("c", payload));
    Traffic.dropped("a", a, atB, payload -> packet("a", payload));
    long overflowed = Stream.overflowed();
    Stream denied = stream("a", a);
    Stream allowed = stream("c", c);
    try (denied;
        allowed) {
      change();
    }
    Set<Integer> missing = new HashSet<>(allowed.sent());
    assertTrue(allowed.sent().size() > CHANGES, () -> "only " + allowed.sent().size() + " packets");
    assertTrue(denied.sent().size() > CHANGES, () -> "only " + denied.sent().size() + " packets");
    assertTrue(atB.hearsNothingOf(0));
    missing.removeAll(atB.marks());
    Set<Integer> leaked = new HashSet<>(denied.sent());
    leaked.retainAll(atB.marks());
    assertEquals(Set.of(), leaked, "passed though denied all the time");
    long elsewhere = Stream.overflowed() - overflowed;
    assertTrue(missing.size() <= elsewhere, () -> "lost though allowed: " + missing);
  }

  /// A packet that the table drops is counted, whatever it drops it for.
  @Test
  void whatIsAllowedAllTheTimeIsNeverDenied() throws Exception {
    town.enforce(policies(0));
    long denied = town.enforced("node-1").denied();
    Stream allowed = stream("c", c);
    try (allowed) {
      change();
    }
    assertTrue(allowed.sent().size() > CHANGES, () -> "only " + allowed.sent().size() + " packets");
    assertEquals(denied, town.enforced("node-1").denied());
  }

  private void change() throws Exception {
    for (int i = 1; i <= CHANGES; i++) {
      if (i % 20 == 0) {
        town.restart();
      }
      town.enforce(policies(i));
      atB.marks();
    }
  }

  private byte[] packet(String from, byte[] payload) {
    return Packets.udp(
        town.address(from, Family.IPV4), 1999, town.address("b", Family.IPV4), PORT, payload);
  }
}
