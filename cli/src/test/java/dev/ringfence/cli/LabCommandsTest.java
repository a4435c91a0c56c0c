package dev.ringfence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the commands of the lab and of the node say where there is nothing to command.
final class LabCommandsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "lab status",
        "lab probe",
        "lab probe shop/web shop/db 80",
        "lab watch",
        "lab exec shop/web-1 -- true",
        "debug table"
      })
  void withoutALabThereIsNothingToAsk(String args) {
    Run run = Run.of(inserted(args, "--instance=nosuchlab"));
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .containsPattern("no lab is running: start one with|the lab needs root on Linux");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lab",
        "lab upp",
        "lab up",
        "lab up x --table-owner=maybe",
        "lab up x --resync=-1",
        "lab up x --established=perhaps",
        "lab up x -o yaml",
        "lab probe shop/web",
        "lab chaos",
        "lab chaos x --changes=0",
        "lab chaos x --seconds=soon",
        "lab chaos x --network=tin",
        "lab exec shop/web",
        "lab status --instance=UPPER",
        "debug",
        "debug tabel",
        "agent",
        "agent --node n",
        "agent -f x",
        "agent --node n -f x --deny-by=shout",
        "agent --node n -f x --established=perhaps",
        "agent --node n -f x --established-mark=0x40",
        "agent --node n -f x --established=keep --established-mark=0",
        "agent --node n -f x --established=keep --established-mark=0x0",
        "agent --node n -f x --once --remove"
      })
  void wrongUsageIsTwo(String args) {
    Run run = Run.of(args.split(" "));
    assertThat(run.exit()).as(run.err()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("ringfence: ").doesNotContain("should not have happened");
  }

  @Test
  void everyCommandHasHelpWithExitCodes() {
    for (String command :
        new String[] {
          "query",
          "agent",
          "lab up",
          "lab status",
          "lab probe",
          "lab exec",
          "lab watch",
          "lab chaos",
          "lab down",
          "debug table"
        }) {
      Run run = Run.of((command + " --help").split(" "));
      assertThat(run.exit()).isEqualTo(0);
      assertThat(run.out()).as(command).contains("Usage: ringfence " + command, "Exit code");
    }
  }

  @Test
  void inputWithErrorsStartsNothing() {
    String broken = Path.of("src", "test", "golden", "broken-manifests").toString();
    Run run = Run.of("lab", "up", broken, "--evaluator-only");
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("spec.podSelectr", "9 errors in the input");
  }

  private static String[] inserted(String args, String option) {
    return args.contains(" -- ")
        ? args.replace(" exec ", " exec " + option + " ").split(" ")
        : (args + " " + option).split(" ");
  }
}
