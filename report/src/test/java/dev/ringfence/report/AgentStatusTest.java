package dev.ringfence.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.report.AgentStatus.Budget;
import dev.ringfence.report.AgentStatus.Count;
import dev.ringfence.report.AgentStatus.Followed;
import dev.ringfence.report.AgentStatus.Holds;
import dev.ringfence.report.AgentStatus.InForce;
import dev.ringfence.report.AgentStatus.Input;
import dev.ringfence.report.AgentStatus.LastError;
import dev.ringfence.report.AgentStatus.Proved;
import dev.ringfence.report.AgentStatus.Table;
import dev.ringfence.report.AgentStatus.Unguarded;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The status document keeps to its schema, and reads back.
final class AgentStatusTest {
  private static final String AT = "2026-11-25T04:41:36.500Z";

  private static AgentStatus status(
      List<String> degraded,
      @Nullable String at,
      Proved proof,
      List<Unguarded> unguarded,
      @Nullable LastError error,
      List<InForce> policies) {
    return new AgentStatus(
        "node-1",
        "b1",
        17,
        "0.1.0",
        AT,
        12.25,
        degraded.isEmpty() ? AgentStatus.HEALTHY : AgentStatus.DEGRADED,
        degraded,
        degraded.isEmpty(),
        at == null ? 0 : 3,
        at,
        at == null ? Holds.NOTHING : new Holds(2, 3, 1, 1, 24, 80, 9, 12, 40_000),
        new Budget(2_000_000, at == null ? 0 : 8, 0, error == null ? null : 2_000_001L),
        new Input(
            List.of("state/"),
            degraded.isEmpty(),
            degraded,
            at == null
                ? List.of(new Followed("Pod", 0, null, null, 0, 0, 0, "connection refused"))
                : List.of(new Followed("Pod", 20, AT, 3.25, 2, 5, 77, null))),
        new Table(true, 30, at == null ? 0 : 1, at == null ? 0 : 4, at, "keep", 2),
        proof,
        new TreeMap<>(Map.of("ingress", new Count(1, 60))),
        unguarded,
        error,
        policies);
  }

  @Test
  void anEmptyStatusIsOne() throws Exception {
    holds(status(List.of(), null, Proved.NOT_YET, List.of(), null, List.of()));
  }

  @Test
  void aFullStatusIsOne() throws Exception {
    String wrong = "state/a.yaml:3:1: error: cannot be read";
    holds(
        status(
            List.of(wrong),
            AT,
            new Proved("different", 3, AT, 0.012, 400, List.of("a packet")),
            List.of(new Unguarded("shop/db", "its wire is not known")),
            new LastError("input", wrong, AT, false, true),
            List.of(
                new InForce("networkpolicy/shop/db", "u1", 7L),
                new InForce("networkpolicy/shop/web", null, null))));
  }

  private static void holds(AgentStatus status) throws Exception {
    String line = Json.line(status);
    Schemas.check("agent-status", line);
    assertThat(Json.read(line, AgentStatus.class)).isEqualTo(status);
  }

  @Test
  void aProofIsOne() throws Exception {
    var packet =
        new ProofDocument.Packet(
            "forward", "IPv4", "new", "10.0.0.1", "10.0.0.2", 6, null, 80, List.of());
    var difference =
        new ProofDocument.Difference(
            "forward, new TCP 10.0.0.1 -> 10.0.0.2:80",
            packet,
            "denied",
            new ProofDocument.Rule("inet ringfence", "ingress_1_4", 3, "goto deny_ingress"),
            "allowed");
    var proof =
        new ProofDocument(
            "n", 3, "different", AT, 0.01, 1, 4, 3, 90, 1, List.of(difference), List.of("a rule"));
    String line = Json.line(proof);
    Schemas.check("proof", line);
    assertThat(Json.read(line, ProofDocument.class)).isEqualTo(proof);
    assertThat(Proved.of(proof).differences())
        .containsExactly(
            "forward, new TCP 10.0.0.1 -> 10.0.0.2:80: denied by inet ringfence, chain ingress_1_4,"
                + " rule 3: goto deny_ingress; the policies say: allowed",
            "could not be interpreted: a rule");
  }

  @Test
  void aLogLineIsOne() throws Exception {
    Schemas.check("log-line", Json.line(new LogLine(AT, "error", "input-refused", "n", "a:1:1")));
  }
}
