package dev.ringfence.core.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A bounded hunt from what is kept, the same each time: one seed, so many runs, at most a minute.
/// `scripts/fuzz.sh` hunts longer, and elsewhere.
class HuntTest {
  private static final Path KEPT =
      Path.of("src/test/resources/dev/ringfence/core/manifest/ReaderFuzzTestInputs/reading");

  @Test
  void aMinuteFromWhatIsKeptFindsNothing(@TempDir Path found) throws Exception {
    Path said = found.resolve("said");
    Process hunt =
        new ProcessBuilder(command(found))
            .directory(found.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    boolean over = hunt.waitFor(3, TimeUnit.MINUTES);
    if (!over) {
      hunt.destroyForcibly().waitFor();
    }
    assertTrue(over, "the hunt does not end: " + end(said));
    assertEquals(0, hunt.exitValue(), () -> end(said));
    assertTrue(Files.readString(said).contains("stat::number_of_executed_units"), end(said));
  }

  private static List<String> command(Path found) throws IOException {
    Path corpus = Files.createDirectory(found.resolve("corpus"));
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return List.of(
        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
        "-XX:+UseSerialGC",
        "-XX:+EnableDynamicAgentLoading",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-Xshare:off",
        "-Xmx1g",
        "-cp",
        classes,
        "com.code_intelligence.jazzer.Jazzer",
        "--target_class=" + ReaderProperties.class.getName(),
        "--instrumentation_includes=dev.ringfence.**:org.snakeyaml.**",
        corpus.toString(),
        KEPT.toAbsolutePath().toString(),
        "-seed=1",
        "-runs=30000",
        "-max_total_time=60",
        "-timeout=60",
        "-max_len=4096",
        "-print_final_stats=1");
  }

  private static String end(Path said) {
    try {
      List<String> lines = Files.readAllLines(said);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    } catch (IOException gone) {
      return gone.toString();
    }
  }
}
