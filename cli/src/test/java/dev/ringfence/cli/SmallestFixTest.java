package dev.ringfence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.report.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What `explain` says to apply does what it says, as a person would find out: the YAML beside the
/// manifests, and the question once more.
final class SmallestFixTest {
  private static final Path EXAMPLES = Path.of("..", "examples");

  @TempDir Path folder;

  static Stream<String> denied() throws IOException {
    List<String> lines = Files.readAllLines(EXAMPLES.resolve("shop").resolve("expected.jsonl"));
    return lines.stream().filter(line -> line.contains("\"allowed\":false"));
  }

  @ParameterizedTest
  @MethodSource("denied")
  void theFixAllowsWhatWasDenied(String line) throws Exception {
    var question = Json.read(line);
    String protocol = question.path("protocol").stringValue("TCP");
    String port =
        question.has("port") ? question.path("port").intValue() + "/" + protocol : protocol;
    String from = question.path("from").stringValue();
    String to = question.path("to").stringValue();
    String shop = EXAMPLES.resolve("shop").toString();
    Run explained = Run.of("explain", from, to, port, "-o", "json", "-f", shop);
    assertThat(explained.exit()).as(explained.err()).isEqualTo(1);
    var answer = Json.read(explained.out());
    StringBuilder fix = new StringBuilder();
    for (String side : List.of("egress", "ingress")) {
      var manifest = answer.path(side).path("smallestFix").path("manifest");
      fix.append(manifest.isString() ? "---\n" + manifest.stringValue() : "");
    }
    Path file = Files.writeString(folder.resolve("fix.yaml"), fix);
    Run again = Run.of("query", from, to, port, "-f", shop, "-f", file.toString());
    assertThat(again).as(fix.toString()).isEqualTo(new Run(0, "allowed\n", again.err()));
    Run checked = Run.of("check", file.toString());
    assertThat(checked.exit()).as(checked.out()).isEqualTo(0);
  }
}
