package dev.ringfence.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Hostile texts cost bounded memory and time, give an error with its place, and leave the
/// documents and files after them readable (S181).
class HostileInputTest {
  private static final long MOST_MILLIS = 10_000;

  @Test
  void eachFailsWithAPlaceInLittleMemoryAndTime() throws IOException, InterruptedException {
    List<String> lines = runWithLittleMemory();
    assertThat(lines).hasSameSizeAs(Hostile.inputs().keySet());
    for (String line : lines) {
      String[] parts = line.split("\\|", 5);
      assertThat(Long.parseLong(parts[1])).as(line).isLessThan(MOST_MILLIS);
      if (Integer.parseInt(parts[3]) < 10_000) {
        assertThat(Integer.parseInt(parts[2])).as(line).isEqualTo(2);
      }
      if (List.of("empty documents").contains(parts[0])) {
        continue; // nothing is wrong with them but their size
      }
      assertThat(Integer.parseInt(parts[3])).as(line).isPositive().isLessThan(11_000);
      assertThat(parts[4]).as(line).startsWith("bad.yaml:");
    }
  }

  private static List<String> runWithLittleMemory() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Hostile.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().toList();
  }
}
