package dev.ringfence.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.report.Json;
import dev.ringfence.report.LabStatus;
import dev.ringfence.report.LabStatus.EndStatus;
import dev.ringfence.report.ProbeReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// The shop in the kernel, driven as a user drives it: real packets do what was written down by
/// hand, and a table that somebody broke is found out.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ShopKernelTest {
  private static final Path SHOP = Path.of("..", "examples", "shop");
  private static final String LAB = "--instance=shoptest";

  @BeforeAll
  static void up() {
    assumeTrue(LabInstance.possible(), "needs root on Linux");
    assumeTrue(Files.exists(Path.of("/proc/net/netlink")), "needs netlink");
    Run up = Run.of("lab", "up", SHOP.toString(), LAB, "--table-owner=off", "--resync=0");
    assertThat(up.exit()).as(up.out() + up.err()).isEqualTo(0);
    assertThat(up.out())
        .containsPattern("\n[0-9]+ probes: [0-9]+ allowed, [0-9]+ denied, 0 differ\n");
  }

  @AfterAll
  static void down() throws IOException {
    if (!LabInstance.possible()) {
      return;
    }
    assertThat(Run.of("lab", "down", LAB).exit()).isEqualTo(0);
    Path spaces = Path.of("/run/netns");
    if (Files.exists(spaces)) {
      try (var all = Files.list(spaces)) {
        assertThat(all.map(Path::toString)).noneMatch(name -> name.contains("rf-shoptest"));
      }
    }
  }

  @Test
  @Order(1)
  void packetsDoWhatWasWrittenDown() throws Exception {
    LabStatus status = Json.read(Run.of("lab", "status", LAB, "-o", "json").out(), LabStatus.class);
    List<String> untried = WrittenDown.of(SHOP).heldAgainst(report(), status);
    assertThat(untried).hasSizeLessThan(10);
  }

  @Test
  @Order(2)
  void whatNodesHoldIsExplained() {
    Run table = Run.of("debug", "table", LAB);
    assertThat(table.exit()).isEqualTo(0);
    assertThat(table.out())
        .contains(
            "Ingress of shop/db-0", "because of networkpolicy/shop/db", "pods app=api of shop");
    assertThat(table.out()).contains("the kernel holds exactly this").doesNotContain("DIFFERS");
    assertThat(Run.of("debug", "table", "--node", "nobody", LAB).exit()).isEqualTo(2);
  }

  @Test
  @Order(3)
  void aTableThatSomebodyBrokeIsFoundOut() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/sbin/nft")), "needs nft");
    LabStatus status = Json.read(Run.of("lab", "status", LAB, "-o", "json").out(), LabStatus.class);
    String api = end(status, "shop/pod/api-1").addresses().getFirst();
    String node = end(status, "shop/pod/db-0").node();
    Matcher set =
        Pattern.compile("(?s)Ingress of shop/db-0\n.*?from (peers_[0-9a-f]+) \\(")
            .matcher(Run.of("debug", "table", "--node", node, LAB).out());
    assertThat(set.find()).isTrue();
    Run deleted =
        Run.of(
            "lab",
            "exec",
            LAB,
            "node/" + node,
            "--",
            "nft",
            "delete",
            "element",
            "inet",
            "ringfence",
            set.group(1) + "_4",
            "{ " + api + " }");
    assertThat(deleted.exit()).isEqualTo(0);
    assertThat(Run.of("debug", "table", "--node", node, LAB).out())
        .contains("THE KERNEL DIFFERS from this in 1 places");
    Run probe = Run.of("lab", "probe", "shop/api-1", "shop/db", "5432", LAB);
    assertThat(probe.exit()).isEqualTo(1);
    assertThat(probe.out())
        .contains(
            "DIFFERS shop/api-1 -> shop/db-0 TCP/5432: answer allowed, packet denied (IPv4 only)")
        .endsWith("2 probes: 2 allowed, 0 denied, 1 differ\n");
  }

  private static ProbeReport report() throws Exception {
    return Json.read(Run.of("lab", "probe", LAB, "-o", "json").out(), ProbeReport.class);
  }

  private static EndStatus end(LabStatus status, String id) {
    return status.ends().stream().filter(end -> end.id().equals(id)).findFirst().orElseThrow();
  }
}
