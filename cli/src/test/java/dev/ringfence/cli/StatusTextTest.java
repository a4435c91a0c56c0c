package dev.ringfence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.report.AgentStatus;
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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// How a status reads.
final class StatusTextTest {
  private static final String AT = "2026-11-25T04:41:36.500Z";
  private static final String WRONG = "state/a.yaml:3:1: error: networkpolicy/shop/db: unknown";

  @Test
  void readsLikeThis() {
    AgentStatus status =
        new AgentStatus(
            "node-1",
            "b1",
            17,
            "0.1.0",
            AT,
            7322.25,
            AgentStatus.DEGRADED,
            List.of(WRONG),
            false,
            3,
            AT,
            new Holds(2, 20_000, 1, 1, 24, 80, 9, 12, 40_000),
            new Budget(2_000_000, 8, 1, 2_500_000L),
            new Input(
                List.of("state/"),
                false,
                List.of(WRONG),
                List.of(
                    new Followed("Pod", 20_000, AT, 3.2, 2, 5, 77, null),
                    new Followed("Node", 3, AT, 90.0, 1, 5, 0, "connection refused"),
                    new Followed("Namespace", 0, null, null, 0, 0, 0, null))),
            new Table(false, 30, 1, 4, AT, "keep", 2),
            new Proved("equal", 3, AT, 0.012, 400, List.of()),
            new TreeMap<>(Map.of("ingress", new Count(1, 60), "egress", new Count(1200, 72_000))),
            List.of(new Unguarded("shop/db", "its wire is not known")),
            new LastError("input", WRONG, AT, false, true),
            List.of(new InForce("networkpolicy/shop/db", "u1", 7L)));
    assertThat(
            String.join("\n", StatusText.of(status, Instant.parse("2026-11-25T04:43:37Z"), true)))
        .isEqualTo(
            """
            node node-1: degraded
              ! state/a.yaml:3:1: error: networkpolicy/shop/db: unknown
              in force   generation 3, since 2026-11-25T04:41:36Z (2 min ago)
              holds      2 local pods of 20000 pods, 1 policy
                         1 group, 24 chains, 9 sets with 12 members: about 39 KiB in the kernel
              budget     8 of 2,000,000 members of peer sets; 1 group by their selectors; refused is a state that needs 2,500,000
              input      state/: not all of it is in force
                state/a.yaml:3:1: error: networkpolicy/shop/db: unknown
                         Pod           20,000, listed 2026-11-25T04:41:36Z (2 min ago), 2 lists, last heard 3.2 s ago
                         Node          3, listed 2026-11-25T04:41:36Z (2 min ago), last heard 1 min ago, cannot be followed: connection refused
                         Namespace     not listed yet
              table      others may edit it; looked at every 30 s; repaired 1 time (4 differences), last 2026-11-25T04:41:36Z (2 min ago)
              kept       established connections (keep); judged anew where an end changed hands: 2 addresses
              proof      equal, of generation 3, 2026-11-25T04:41:36Z (2 min ago); it took 12 ms
              denied     egress 1200 packets (70 KiB), ingress 1 packet (60 B)
              unguarded  1 pod
                shop/db: its wire is not known
              last error 2026-11-25T04:41:36Z (2 min ago) (the last good state is in force): state/a.yaml:3:1: error: networkpolicy/shop/db: unknown
              agent      process 17, up 2 h 2 min, version 0.1.0
              policies  \s
                networkpolicy/shop/db generation 7 uid u1\
            """);
  }

  @Test
  void unitsAreSensible() {
    assertThat(List.of(0.004, 0.9, 3.44, 42.0, 300.0, 7322.0, 270_000.0))
        .map(StatusText::seconds)
        .containsExactly("4 ms", "900 ms", "3.4 s", "42 s", "5 min", "2 h 2 min", "3 d 3 h");
    assertThat(List.of(0L, 1023L, 1024L, 40_000L, 5_000_000L, 3_000_000_000_000L))
        .map(StatusText::bytes)
        .containsExactly("0 B", "1023 B", "1.0 KiB", "39 KiB", "4.8 MiB", "2794 GiB");
  }
}
