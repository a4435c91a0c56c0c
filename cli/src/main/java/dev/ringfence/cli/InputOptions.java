package dev.ringfence.cli;

import dev.ringfence.core.manifest.Admission;
import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.core.manifest.Manifests;
import dev.ringfence.core.manifest.Problem;
import dev.ringfence.core.manifest.SourceText;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Which manifests a command reads, and what it does with those that are wrong.
@Command(addMethodSubcommands = false)
final class InputOptions {
  @Option(
      names = {"-f", "--filename"},
      paramLabel = "PATH",
      description = {
        "A file, a folder (every *.yaml, *.yml and *.json below it) or - for standard input."
            + " May be given several times."
      })
  List<String> paths = new ArrayList<>();

  @Option(
      names = "--skip-invalid",
      description =
          "Answer as on a server that refused the objects with errors, naming each."
              + " Without it input with errors gets no answer.")
  boolean skipInvalid;

  @Mixin LiveOptions live = new LiveOptions();

  /// Reads everything. Errors and warnings go to standard error.
  ///
  /// @param more further paths, as a shell pattern after `-f` gives them
  /// @throws Failure if there is nothing to read, or errors and no `--skip-invalid`
  Loaded load(Console console, List<String> more) {
    return load(console, more, texts -> texts);
  }

  /// The same for those who quote what they read.
  Loaded load(Console console, List<String> more, Rereading rereading) {
    return load(console, more, rereading::of);
  }

  private Loaded load(Console console, List<String> more, UnaryOperator<List<SourceText>> kept) {
    List<String> all = new ArrayList<>(paths);
    all.addAll(more);
    if (all.isEmpty() && !live.wanted()) {
      throw new Failure("no manifests: say -f PATH, or --live");
    }
    Loaded written = Manifests.read(kept.apply(Sources.read(all, console.in())), Admission.WRITTEN);
    Loaded loaded = live.wanted() ? written.over(live.read()) : written;
    loaded.problems().forEach(problem -> console.note(painted(problem, console.paint())));
    if (loaded.refused() && !skipInvalid) {
      long errors = loaded.problems().stream().filter(Problem::isError).count();
      throw new Failure(
          errors
              + (errors == 1 ? " error" : " errors")
              + " in the input, so there is no answer (--skip-invalid answers without them)");
    }
    return loaded.refused() ? WithoutInvalid.of(loaded) : loaded;
  }

  static String painted(Problem problem, Paint paint) {
    String text = problem.toString();
    String word = problem.severity() + ": ";
    String shown = problem.isError() ? paint.red(word) : paint.yellow(word);
    int at = text.indexOf(word);
    return at < 0 ? text : text.substring(0, at) + shown + text.substring(at + word.length());
  }
}
