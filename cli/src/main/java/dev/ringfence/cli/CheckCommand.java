package dev.ringfence.cli;

import dev.ringfence.core.manifest.Admission;
import dev.ringfence.core.manifest.Before;
import dev.ringfence.core.manifest.FieldValidation;
import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.core.manifest.Manifests;
import dev.ringfence.core.manifest.Reading;
import dev.ringfence.core.manifest.Release;
import dev.ringfence.core.manifest.SourceText;
import dev.ringfence.report.CheckReport;
import dev.ringfence.report.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ringfence check`: what is wrong with these manifests?
@Command(
    name = "check",
    header = "Says what is wrong with manifests.",
    addMethodSubcommands = false,
    sortOptions = false,
    abbreviateSynopsis = false,
    customSynopsis = {"ringfence check PATH... [-o text|json] [OPTION...]"},
    description = {
      "",
      "Reports every mistake in PATH at once, each with its file, line, column and field, in the"
          + " API server's own words where it would refuse or warn. NetworkPolicies are checked as the"
          + " server does; of the other kinds what matters to them.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ringfence check examples/shop",
      "  helm template chart | ringfence check -",
      "  ringfence check -f base -f overlays/prod -o json",
      "  ringfence check --kubernetes-version 1.33 examples/shop",
      "  kubectl get netpol db -o yaml | ringfence check db.yaml --before -",
      "  kubectl get ns,pods,netpol -A -o yaml | ringfence check --stored -",
      "  ringfence check --live",
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
      names = "--kubernetes-version",
      paramLabel = "1.N",
      description = "Which server is asked, 1.33 to 1.37; the newest unless said.")
  @Nullable String kubernetesVersion;

  @Option(
      names = "--field-validation",
      paramLabel = "HOW",
      description =
          "What that server does about unknown and repeated fields: strict (as kubectl asks it to),"
              + " warn or ignore. Fields that it drops stay errors here.")
  String fieldValidation = "strict";

  @Option(
      names = "--before",
      paramLabel = "PATH",
      description =
          "What the server holds now: its policies are updated, and what was wrong before is partly"
              + " excused. A single policy is the old form of a single one in PATH.")
  @Nullable String before;

  @Option(
      names = "--stored",
      description =
          "Read the objects as ones that a server holds: an old one may have let in what a new one"
              + " refuses, and then that is a warning.")
  boolean stored;

  @Mixin LiveOptions live = new LiveOptions();

  private final Rereading rereading = new Rereading();

  CheckCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    Format format = Format.of(output, false);
    Reading reading = reading();
    List<SourceText> files = sources();
    Loaded loaded = Progress.during(console, "reading manifests", () -> read(files, reading));
    switch (format) {
      case TEXT ->
          new CheckText(console).print(loaded, files.size(), live.wanted(), rereading::again);
      case JSON -> console.out().println(Json.line(CheckReport.of(loaded)));
    }
    return loaded.refused() ? ExitCodes.NO : ExitCodes.YES;
  }

  private Loaded read(List<SourceText> files, Reading reading) {
    Loaded written = Manifests.read(files, reading);
    return live.wanted() ? written.over(live.read()) : written;
  }

  private Reading reading() {
    if (stored && before != null) {
      throw new Failure("--stored and --before ask different questions: say one of them");
    }
    return new Reading(
        stored ? Admission.STORED : Admission.WRITTEN, release(), validation(), before(), !stored);
  }

  private Release release() {
    if (kubernetesVersion == null) {
      return Release.NEWEST;
    }
    return Release.parse(kubernetesVersion)
        .orElseThrow(() ->
            new Failure(
                "--kubernetes-version=" + kubernetesVersion + ": say one of " + Release.known()));
  }

  private FieldValidation validation() {
    for (FieldValidation one : FieldValidation.values()) {
      if (one.name().equalsIgnoreCase(fieldValidation)) {
        return one;
      }
    }
    throw new Failure("--field-validation=" + fieldValidation + ": say strict, warn or ignore");
  }

  /// @throws Failure if the old objects cannot be read: then nobody knows what they excuse
  private Before before() {
    if (before == null) {
      return Before.NOTHING;
    }
    if (before.equals("-") && (paths.contains("-") || morePaths.contains("-"))) {
      throw new Failure("only one of PATH and --before can read standard input");
    }
    Before read = Before.read(Sources.read(List.of(before), console.in()));
    read.problems()
        .forEach(problem -> console.note(InputOptions.painted(problem, console.paint())));
    if (!read.problems().isEmpty()) {
      throw new Failure("--before=" + before + " cannot be read");
    }
    return read;
  }

  private List<SourceText> sources() {
    List<String> all = new ArrayList<>(paths);
    all.addAll(morePaths);
    if (all.isEmpty() && !live.wanted()) {
      throw new Failure("no manifests: say ringfence check PATH, or --live");
    }
    return rereading.of(Sources.read(all, console.in()));
  }
}
