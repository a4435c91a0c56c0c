package dev.ringfence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What commands print, word for word: the folders of `src/test/transcripts`, and the pages of
/// `docs`. `-Dgolden=rewrite` writes what they print now; read the difference as prose before
/// committing.
final class TranscriptTest {
  private static final Path FOLDERS = Path.of("src", "test", "transcripts");
  private static final Path ROOT = Path.of("..");
  private static final boolean REWRITE = "rewrite".equals(System.getProperty("golden"));

  static Stream<Path> transcripts() throws IOException {
    try (Stream<Path> all = Files.walk(FOLDERS)) {
      return all.filter(file -> file.toString().endsWith(".txt")).sorted().toList().stream();
    }
  }

  static Stream<Path> pages() {
    return Stream.of("check.md", "concepts.md", "explain.md", "list.md", "query.md")
        .map(page -> ROOT.resolve("docs").resolve(page));
  }

  @ParameterizedTest
  @MethodSource("transcripts")
  void commandsPrintWhatTheyDid(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    check(file, lines, new Transcript("", lines).replayed(file.resolveSibling(""), false));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void pagesShowRealOutput(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    check(file, lines, new Transcript("    ", lines).replayed(filesOf(file), true));
  }

  /// `docs/check.md` has files of its own in `docs/check`; other pages show the repository's.
  private static Path filesOf(Path page) {
    Path own = page.resolveSibling(page.getFileName().toString().replace(".md", ""));
    return Files.isDirectory(own) ? own : ROOT;
  }

  private static void check(Path file, List<String> lines, List<String> now) throws IOException {
    if (REWRITE) {
      Files.write(file, now);
    } else {
      assertThat(now).isEqualTo(lines);
    }
  }
}
