package dev.ringfence.nftables.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.model.PortRange;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.nftables.linux.Errno;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.NetlinkSocket;
import dev.ringfence.nftables.netlink.OtherKernel;
import dev.ringfence.nftables.proof.Proof;
import dev.ringfence.nftables.proof.ProofReport;
import dev.ringfence.nftables.proof.ProofReport.Difference;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What older kernels refuse, as their source says; everything else is this kernel.
class OlderKernelsTest {
  private static final PortSet WEB = PortSet.of(Protocol.TCP, PortRange.only(80));
  private static final int OWNER = 2;
  private static final int PERSIST = 4;
  private static final int EGRESS = 1;

  /// Linux 6.1 has owners of tables, but no table that outlives its owner (6.9).
  private static int linux61(OtherKernel.Request request) {
    return request.adds("table") && (request.tableFlags() & PERSIST) != 0 ? Errno.EOPNOTSUPP : 0;
  }

  /// Linux 5.10 has neither (5.12), nor a hook where frames leave by a device (5.16).
  private static int linux510(OtherKernel.Request request) {
    if (request.adds("table") && (request.tableFlags() & (OWNER | PERSIST)) != 0) {
      return Errno.EINVAL;
    }
    return isEgress(request) ? Errno.EOPNOTSUPP : 0;
  }

  private static boolean isEgress(OtherKernel.Request request) {
    return request.adds("chain")
        && request.hook() == EGRESS
        && request.holds(Bytes.ofText("deliver_", 8));
  }

  private interface Body {
    void run(Rig rig, OtherKernel kernel, NftablesDataplane dataplane) throws Exception;
  }

  private static void on(Rig made, OtherKernel.Rule rule, Body body) throws Exception {
    try (Rig rig = made) {
      rig.node()
          .inside(() -> {
            OtherKernel kernel = new OtherKernel(rule);
            try (NftablesDataplane dataplane =
                NftablesDataplane.over(NetlinkSocket.over(kernel), DataplaneOptions.STANDARD)) {
              body.run(rig, kernel, dataplane);
            }
            return null;
          });
    }
  }

  @Test
  void whereNoTableOutlivesItsOwnerNobodyOwnsIt() throws Exception {
    on(
        Rig.bridged(2),
        OlderKernelsTest::linux61,
        (rig, kernel, dataplane) -> {
          Applied first = dataplane.apply(rig.onlyAReachesB(WEB), rig.wires(), 1);
          assertFalse(dataplane.owned());
          assertEquals(0, first.unguarded());
          assertEquals(1, kernel.refusals());
          dataplane.apply(rig.onlyAReachesB(PortSet.NONE), rig.wires(), 2);
          assertEquals(1, kernel.refusals(), "what the kernel lacks is asked for once");
          assertEquals(0, Comparison.count(dataplane.held(), dataplane.readBack().orElseThrow()));
          assertThat(rig.node().run("nft", "list", "table", "inet", "ringfence"))
              .doesNotContain("owner");
          rig.node().run("nft", "flush", "chain", "inet", "ringfence", "forward");
          assertEquals(1, dataplane.repair());
          assertEquals(0, dataplane.repair());
        });
  }

  @Test
  void whatOutlivesAnAgentIsTakenOverByTheNext() throws Exception {
    on(
        Rig.routed(2),
        OlderKernelsTest::linux61,
        (rig, kernel, dataplane) -> {
          dataplane.apply(rig.onlyAReachesB(WEB), rig.wires(), 1);
          OtherKernel again = new OtherKernel(OlderKernelsTest::linux61);
          try (NftablesDataplane next =
              NftablesDataplane.over(NetlinkSocket.over(again), DataplaneOptions.STANDARD)) {
            Applied applied = next.apply(rig.onlyAReachesB(WEB), rig.wires(), 2);
            assertEquals(0, applied.elementsAdded() + applied.elementsDeleted());
            assertEquals(0, applied.chainsAdded() + applied.chainsDeleted());
            assertFalse(next.owned());
          }
        });
  }

  @Test
  void withoutTheEgressHookBridgedPodsCountAsUnguarded() throws Exception {
    on(
        Rig.bridged(2),
        OlderKernelsTest::linux510,
        (rig, kernel, dataplane) -> {
          Applied first = dataplane.apply(rig.onlyAReachesB(WEB), rig.wires(), 1);
          assertFalse(dataplane.owned());
          assertEquals(1, first.unguarded(), "b, whose ingress is isolated");
          int asked = kernel.refusals();
          Applied second = dataplane.apply(rig.onlyAReachesB(PortSet.NONE), rig.wires(), 2);
          assertEquals(1, second.unguarded());
          assertEquals(asked, kernel.refusals(), "what the kernel lacks is asked for once");
          assertThat(dataplane.readBack().orElseThrow().guard().chains().keySet())
              .anyMatch(name -> name.startsWith("guard_"))
              .noneMatch(name -> name.startsWith("deliver_"));
          assertTrue(rig.a().isKeptFrom(rig.b().v4(), 80));
        });
  }

  @Test
  void aProofAsksForNoDeliveryThatTheKernelHasNoHookFor() throws Exception {
    on(
        Rig.bridged(2),
        OlderKernelsTest::linux510,
        (rig, _, dataplane) -> {
          NodePolicy policy = rig.onlyAReachesB(WEB);
          assertTrue(dataplane.guarded(rig.wires()).deliveries(), "not known yet");
          dataplane.apply(policy, rig.wires(), 1);
          NodeTable there = dataplane.readBack().orElseThrow();
          assertThat(differences(there, policy, rig.wires())).isNotEmpty();
          assertThat(differences(there, policy, dataplane.guarded(rig.wires()))).isEmpty();
        });
  }

  private static List<Difference> differences(NodeTable there, NodePolicy policy, Wires wires) {
    ProofReport report = Proof.of(there, policy, wires, DataplaneOptions.STANDARD);
    assertEquals(List.of(), report.unproved());
    return report.differences();
  }
}
