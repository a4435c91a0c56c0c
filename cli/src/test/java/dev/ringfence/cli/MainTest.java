package dev.ringfence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// What every command has: help, a version, suggestions, and exit code 2 for wrong usage.
final class MainTest {
  @Test
  void helpGoesToStandardOutput() {
    Run run = Run.of("--help");
    assertThat(run.exit()).isEqualTo(0);
    assertThat(run.out()).contains("query", "Exit codes: 0 yes");
    assertThat(run.err()).isEmpty();
    assertThat(Run.of("query", "--help").out()).contains("Examples:", "Exit codes:");
    assertThat(Run.of("help", "query").out()).isEqualTo(Run.of("query", "--help").out());
  }

  @Test
  void theVersionIsSaid() {
    Run run = Run.of("--version");
    assertThat(run.exit()).isEqualTo(0);
    assertThat(run.out()).startsWith("ringfence ").contains("Java 25");
  }

  @Test
  void wrongUsageIsTwoAndSuggests() {
    Run typo = Run.of("qurey");
    assertThat(typo.exit()).isEqualTo(2);
    assertThat(typo.err()).contains("qurey").contains("Did you mean").contains("query");
    assertThat(typo.out()).isEmpty();
    Run option = Run.of("query", "a/b", "a/c", "80", "--bacth", "x");
    assertThat(option.exit()).isEqualTo(2);
    assertThat(option.err()).contains("--batch");
    assertThat(Run.of().exit()).isEqualTo(2);
  }
}
