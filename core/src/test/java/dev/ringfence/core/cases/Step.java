package dev.ringfence.core.cases;

import dev.ringfence.core.manifest.Admission;
import dev.ringfence.core.manifest.Before;
import dev.ringfence.core.manifest.FieldValidation;
import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.core.manifest.Manifests;
import dev.ringfence.core.manifest.Reading;
import dev.ringfence.core.manifest.Release;
import dev.ringfence.core.manifest.SourceText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A cluster at one moment, what `check` says of it, and the probes.
///
/// @param alone it does not follow from the step before
/// @param options of `check`, as they are typed
/// @param isHeld it is only what the server holds before the next step
/// @param held what the server holds before
/// @param world what is there besides
/// @param manifests its own objects
/// @param said every problem, as `error FIELD: MESSAGE`; one that no server would name begins with
///   `error, ours`
public record Step(
    boolean alone,
    List<String> options,
    boolean isHeld,
    String held,
    String world,
    String manifests,
    List<String> said,
    List<Asked> asked) {
  private static final Pattern NAMED =
      Pattern.compile("kind: (\\w+)\\nmetadata: \\{name: ([^,}]+)(?:, namespace: ([^,}]+))?");

  private static final Pattern BETWEEN = Pattern.compile("(?m)^---\\n");

  public Step {
    options = List.copyOf(options);
    said = List.copyOf(said);
    asked = List.copyOf(asked);
  }

  static Step read(String section, String world, String held) {
    boolean isHeld = false;
    List<String> options = new ArrayList<>();
    List<String> said = new ArrayList<>();
    List<Asked> asked = new ArrayList<>();
    for (String line : section.lines().filter(Step::speaks).toList()) {
      String words = line.substring(2);
      if (words.startsWith("--")) {
        options.add(words);
      } else if (words.startsWith("error") || words.startsWith("warning")) {
        said.add(words);
      } else if (words.contains(" -> ")) {
        asked.add(Asked.read(words));
      } else if (words.equals("held by the server")) {
        isHeld = true;
      } else {
        throw new IllegalArgumentException("neither probe nor problem: " + line);
      }
    }
    String own = section.replaceFirst("^(then|or)\n", "# $0");
    return new Step(
        section.startsWith("or\n"),
        options,
        isHeld,
        held,
        without(world, names(own)),
        own,
        said,
        asked);
  }

  private static boolean speaks(String line) {
    return line.startsWith("# ") && !line.startsWith("# case ");
  }

  /// The documents of `world`, but for those of these names.
  private static String without(String world, Set<String> names) {
    return Stream.of(BETWEEN.split(world, -1))
        .filter(document -> Collections.disjoint(names(document), names))
        .collect(Collectors.joining("---\n"));
  }

  private static Set<String> names(String documents) {
    return NAMED
        .matcher(documents)
        .results()
        .map(found -> found.group(1) + "/" + found.group(3) + "/" + found.group(2))
        .collect(Collectors.toSet());
  }

  /// As `check` reads it.
  public Loaded load() {
    List<SourceText> files =
        List.of(SourceText.of("world.yaml", world), SourceText.of("case.yaml", manifests));
    Reading usual = Reading.of(Admission.WRITTEN);
    boolean stored = options.contains("--stored");
    boolean warn = options.contains("--field-validation warn");
    return Manifests.read(
        files,
        new Reading(
            stored ? Admission.STORED : Admission.WRITTEN,
            options.stream()
                .filter(one -> one.startsWith("--kubernetes-version "))
                .findFirst()
                .flatMap(one -> Release.parse(one.substring(one.indexOf(' ') + 1)))
                .orElse(usual.release()),
            warn ? FieldValidation.WARN : usual.validation(),
            Before.read(List.of(SourceText.of("held.yaml", held))),
            !stored));
  }

  /// Every problem in the words of [#said].
  public static List<String> said(Loaded loaded) {
    return loaded.problems().stream()
        .map(problem ->
            "%s%s %s%s"
                .formatted(
                    problem.severity().toString().toLowerCase(Locale.ROOT),
                    problem.server() ? "" : ", ours",
                    problem.field().map(field -> field + ": ").orElse(""),
                    problem.message()))
        .toList();
  }
}
