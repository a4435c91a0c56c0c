package dev.ringfence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The manifests of each example come to what was written down by hand before.
final class ExamplesTest {
  private static final Path ROOT = Path.of("..");

  static List<Path> folders() throws IOException {
    return WrittenDown.folders();
  }

  @Test
  void thereAreExamples() throws IOException {
    assertThat(folders()).contains(Path.of("..", "examples", "shop"));
  }

  @ParameterizedTest
  @MethodSource("folders")
  void everyExpectedAnswerIsGiven(Path folder) throws IOException {
    Run run =
        Run.of(
            "query",
            "--batch",
            folder.resolve("expected.jsonl").toString(),
            "-f",
            folder.toString());
    assertThat(run.exit()).as(run.err()).isEqualTo(0);
    List<String> answers = run.out().lines().map(ExamplesTest::upToVerdict).toList();
    assertThat(answers).isEqualTo(WrittenDown.of(folder).lines());
    assertThat(answers).anyMatch(answer -> answer.endsWith("\"allowed\":false}"));
    assertThat(answers).anyMatch(answer -> answer.endsWith("\"allowed\":true}"));
  }

  @ParameterizedTest
  @MethodSource("folders")
  void readmeShowsRealOutput(Path folder) throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve("README.md"));
    assertThat(new Transcript("    ", lines).replayed(ROOT, true)).isEqualTo(lines);
  }

  /// An answer without the keys that the expectation leaves out.
  private static String upToVerdict(String answer) {
    return answer.replaceFirst(",\"egress\".*", "}");
  }
}
