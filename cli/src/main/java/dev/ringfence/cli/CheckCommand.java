package dev.ringfence.cli;

import dev.ringfence.core.manifest.Admission;
import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.core.manifest.Manifests;
import dev.ringfence.core.manifest.SourceText;
import dev.ringfence.report.CheckReport;
import dev.ringfence.report.Json;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ringfence check`: what is wrong with these manifests?
@Command(
    name = "check",
    header = "Says what is wrong with manifests.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = false,
    customSynopsis = {"ringfence check PATH... [-o text|json] [--stored]"},
    description = {
      "",
      "Reports every mistake in PATH at once, each with its file, line, column and field, in the"
          + " API server's own words where it would refuse or warn.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ringfence check examples/shop",
      "  helm template chart | ringfence check -",
      "  ringfence check -f base -f overlays/prod -o json",
      "  kubectl get ns,pods,netpol -A -o yaml | ringfence check --stored -",
      "",
      "Exit codes: 0 nothing is wrong, or warnings alone; 1 errors; 2 a PATH cannot be opened or the",
      "command is wrong."
    })
final class CheckCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      arity = "0..*",
      paramLabel = "PATH",
      description =
          "A file, a folder (every *.yaml, *.yml and *.json below it) or - for standard input.")
  List<String> paths = new ArrayList<>();

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "PATH",
      description = "The same, as other commands have it. May be given several times.")
  List<String> morePaths = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "text or json.")
  @Nullable String output;

  @Option(
      names = "--stored",
      description =
          "Read the objects as ones that a server holds: an old one may have let in what a new one"
              + " refuses, and then that is a warning.")
  boolean stored;

  /// What can be read but once, by its name.
  private final Map<String, Recorded> recorded = new HashMap<>();

  CheckCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    Format format = Format.of(output, false);
    List<SourceText> files = sources();
    Loaded loaded =
        Progress.during(console, "reading manifests", () -> Manifests.read(files, admission()));
    switch (format) {
      case TEXT -> new CheckText(console).print(loaded, files.size(), this::again);
      case JSON -> console.out().println(Json.line(CheckReport.of(loaded)));
    }
    return loaded.refused() ? ExitCodes.NO : ExitCodes.YES;
  }

  private Admission admission() {
    return stored ? Admission.STORED : Admission.WRITTEN;
  }

  private List<SourceText> sources() {
    List<String> all = new ArrayList<>(paths);
    all.addAll(morePaths);
    if (all.isEmpty()) {
      throw new Failure("no manifests: say ringfence check PATH");
    }
    List<SourceText> out = new ArrayList<>();
    for (SourceText text : Sources.read(all, console.in())) {
      out.add(readsTwice(text.file()) ? text : recorded(text));
    }
    return out;
  }

  private static boolean readsTwice(String file) {
    return !file.equals("-") && Files.isRegularFile(Path.of(file));
  }

  private SourceText recorded(SourceText text) {
    Recorded kept = new Recorded(text.bytes());
    recorded.putIfAbsent(text.file(), kept);
    return new SourceText(text.file(), kept);
  }

  private InputStream again(String file) {
    Recorded kept = recorded.get(file);
    return kept == null ? new FileBytes(Path.of(file)) : kept.again();
  }
}
