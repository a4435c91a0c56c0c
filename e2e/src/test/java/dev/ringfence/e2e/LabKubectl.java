package dev.ringfence.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.e2e.Ringfence.Result;
import dev.ringfence.e2e.Ringfence.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The real kubectl of the PATH, led to a lab.
///
/// @param home where it keeps what it remembers
record LabKubectl(Path home, Path kubeconfig) {
  private static final int OLDEST = 27;
  private static final Pattern MINOR = Pattern.compile("v1\\.([0-9]+)\\.");

  /// Skips the test where there is none that is new enough.
  void assumeThere() throws Exception {
    try {
      Matcher minor = MINOR.matcher(run("version", "--client").out());
      assumeTrue(
          minor.find() && Integer.parseInt(minor.group(1)) >= OLDEST,
          "kubectl is older than 1.27: skipped");
    } catch (IOException none) {
      assumeTrue(false, "no kubectl on the PATH: skipped");
    }
  }

  Running start(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("env", "HOME=" + home, "KUBECONFIG=" + kubeconfig));
    command.add("KUBE_EDITOR=sed -i s/app:.b$/app:\\ c/");
    command.add("kubectl");
    command.addAll(List.of(arguments));
    return Ringfence.start(command);
  }

  Result run(String... arguments) throws Exception {
    try (Running running = start(arguments)) {
      return running.end();
    }
  }

  /// What it prints where it does what it shall.
  String ok(String... arguments) throws Exception {
    Result said = run(arguments);
    assertThat(said.exit()).as(said.toString()).isZero();
    return said.out() + said.err();
  }

  /// What it says where it is refused.
  String refused(String... arguments) throws Exception {
    Result said = run(arguments);
    assertThat(said.exit()).as(said.toString()).isNotZero();
    return said.err();
  }

  /// A file of this text, to be named to it.
  String file(String text) throws IOException {
    return Files.writeString(Files.createTempFile(home, "manifest", ".yaml"), text).toString();
  }
}
