package dev.ringfence.lab.api;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The real kubectl of the PATH, against one endpoint.
final class Kubectl {
  private static final int OLDEST = 27;
  private static final Pattern MINOR = Pattern.compile("v1\\.([0-9]+)\\.");

  private final Path home;
  private final Path kubeconfig;

  /// What it said.
  record Said(int exit, String out, String err) {}

  Kubectl(Path home, Path kubeconfig) {
    this.home = home;
    this.kubeconfig = kubeconfig;
  }

  /// Skips the test where there is none, or an older one than 1.27.
  static void assumeThere(Path home) throws Exception {
    try {
      Said said = new Kubectl(home, home.resolve("none")).run("version", "--client");
      Matcher minor = MINOR.matcher(said.out());
      assumeTrue(
          minor.find() && Integer.parseInt(minor.group(1)) >= OLDEST,
          "kubectl is older than 1.27: skipped");
    } catch (IOException none) {
      assumeTrue(false, "no kubectl on the PATH: skipped");
    }
  }

  Said run(String... arguments) throws Exception {
    return run(Map.of(), arguments);
  }

  Said run(Map<String, String> environment, String... arguments) throws Exception {
    Path out = Files.createTempFile(home, "out", "");
    Path err = Files.createTempFile(home, "err", "");
    Process process = start(environment, out, err, arguments);
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    return new Said(process.exitValue(), text(out), text(err));
  }

  /// Starts it and leaves it running; its output grows in this file.
  Process start(Path out, String... arguments) throws IOException {
    return start(Map.of(), out, Files.createTempFile(home, "err", ""), arguments);
  }

  private Process start(Map<String, String> environment, Path out, Path err, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("kubectl"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder.environment().put("HOME", home.toString());
    builder.environment().putAll(environment);
    return builder.start();
  }

  static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
