package dev.ringfence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What commands print, word for word. A case is a folder: `command` holds one argument a line
/// (`CASE` is the folder, `SHOP` the example), `in` standard input, `expected` all that came of it.
final class GoldenTest {
  private static final Path CASES = Path.of("src", "test", "golden");
  private static final Path SHOP = Path.of("..", "examples", "shop");

  static Stream<Path> cases() throws IOException {
    try (Stream<Path> all = Files.list(CASES)) {
      return all.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void printsWhatWasAgreed(Path folder) throws IOException {
    List<String> args = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("command"))) {
      args.add(line.replace("CASE", folder.toString()).replace("SHOP", SHOP.toString()));
    }
    Path in = folder.resolve("in");
    Run run =
        Run.withInput(Files.exists(in) ? Files.readString(in) : "", args.toArray(String[]::new));
    String got = "exit " + run.exit() + "\n--- out\n" + run.out() + "--- err\n" + run.err();
    got = got.replace(folder.toString(), "CASE").replace(SHOP.toString(), "SHOP");
    Path expected = folder.resolve("expected");
    if ("rewrite".equals(System.getProperty("golden"))) {
      Files.writeString(expected, got);
    }
    assertThat(got).isEqualTo(Files.readString(expected));
  }
}
