package dev.ringfence.cli;

import dev.ringfence.lab.control.LabClient;
import dev.ringfence.lab.netns.Instance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Which lab of this machine a command means, and how its process is started.
@Command(addMethodSubcommands = false)
final class LabInstance {
  @Option(
      names = "--instance",
      paramLabel = "NAME",
      description =
          "Which lab, if there are several on this machine: lower-case letters and digits "
              + "(default: ${DEFAULT-VALUE}).",
      defaultValue = "lab")
  String name = "lab";

  Instance instance() {
    try {
      return new Instance(name);
    } catch (IllegalArgumentException e) {
      throw new Failure("--instance=" + name + ": " + e.getMessage(), e);
    }
  }

  /// Speaks with that lab.
  ///
  /// @throws Failure where no lab can be: namespaces need root on Linux
  LabClient client() {
    if (!possible()) {
      throw new Failure("the lab needs root on Linux");
    }
    return new LabClient(instance());
  }

  /// Whether this process may make network namespaces.
  static boolean possible() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return false;
    }
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException e) {
      return false;
    }
  }

  /// The command that runs `lab serve`: by the launcher that started us, or by our own JVM.
  List<String> serve() {
    List<String> out = new ArrayList<>();
    @Nullable String launcher = System.getProperty("ringfence.launcher");
    if (launcher != null) {
      out.add(launcher);
    } else {
      out.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      out.addAll(List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
      out.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    }
    out.addAll(List.of("lab", "serve", "--instance", name));
    return out;
  }
}
