package dev.ringfence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// Long work is announced, short work is not.
final class ProgressTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Console console =
      Console.of(new ByteArrayInputStream(new byte[0]), new ByteArrayOutputStream(), err);

  @Test
  void whatTakesLongerThanASecondIsSaidOnce() throws Exception {
    String done =
        Progress.during(
            console,
            "counting",
            () -> {
              Thread.sleep(1300);
              return "done";
            });
    assertThat(done).isEqualTo("done");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("counting …\n");
  }

  @Test
  void shortWorkIsSilent() throws Exception {
    Progress.during(console, "counting", () -> 1);
    assertThat(err.size()).isZero();
  }
}
