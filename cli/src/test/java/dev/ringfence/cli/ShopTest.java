package dev.ringfence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The shop's manifests come to what was written down by hand before.
final class ShopTest {
  private static final Path SHOP = Path.of("..", "examples", "shop");

  @Test
  void everyExpectedAnswerIsGiven() throws IOException {
    List<String> expected = Files.readAllLines(SHOP.resolve("expected.jsonl"));
    Run run =
        Run.of(
            "query", "--batch", SHOP.resolve("expected.jsonl").toString(), "-f", SHOP.toString());
    assertThat(run.exit()).as(run.err()).isEqualTo(0);
    List<String> answers = run.out().lines().map(ShopTest::upToVerdict).toList();
    assertThat(answers).isEqualTo(expected);
    assertThat(expected).hasSizeGreaterThan(100);
  }

  /// An answer without the keys that the expectation leaves out.
  private static String upToVerdict(String answer) {
    return answer.replaceFirst(",\"egress\".*", "}");
  }
}
