package dev.ringfence.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.report.Json;
import dev.ringfence.report.LabStatus;
import dev.ringfence.report.ProbeReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each example in the kernel, one after another in one lab: nothing differs, and real packets do
/// what was written down by hand. [ShopKernelTest] does the same for the shop.
final class ExamplesKernelTest {
  private static final String LAB = "--instance=examplestest";

  static List<Path> folders() throws IOException {
    return WrittenDown.folders().stream().filter(folder -> !folder.endsWith("shop")).toList();
  }

  @BeforeAll
  static void needsKernel() {
    assumeTrue(LabInstance.possible(), "needs root on Linux");
    assumeTrue(Files.exists(Path.of("/proc/net/netlink")), "needs netlink");
  }

  @AfterAll
  static void down() {
    if (LabInstance.possible()) {
      assertThat(Run.of("lab", "down", LAB).exit()).isEqualTo(0);
    }
  }

  @ParameterizedTest
  @MethodSource("folders")
  void packetsDoWhatWasWrittenDown(Path folder) throws Exception {
    Run up = Run.of("lab", "up", folder.toString(), LAB, "-o", "json");
    assertThat(up.exit()).as(up.out() + up.err()).isEqualTo(0);
    ProbeReport report = Json.read(up.out(), ProbeReport.class);
    assertThat(report.different()).isZero();
    LabStatus status = Json.read(Run.of("lab", "status", LAB, "-o", "json").out(), LabStatus.class);
    WrittenDown written = WrittenDown.of(folder);
    assertThat(written.heldAgainst(report, status)).as("lines that no packet tried").isEmpty();
  }
}
