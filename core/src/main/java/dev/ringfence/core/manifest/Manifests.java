package dev.ringfence.core.manifest;

import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.Policies;
import java.util.List;
import java.util.Optional;

/// From text to policies and cluster objects.
public final class Manifests {
  private Manifests() {}

  /// Reads every document of every file, in one pass and in memory bounded by what they mean.
  ///
  /// Never throws for what is in the text: whatever is wrong is in [Loaded#problems], all of it,
  /// with its place. A document that cannot be read leaves the others alone. After 10,000 problems
  /// it reads no further document.
  public static Loaded read(List<SourceText> files, Admission admission) {
    return read(files, Reading.of(admission));
  }

  /// As above, with more said about the question.
  public static Loaded read(List<SourceText> files, Reading reading) {
    Input input = new Input();
    for (SourceText file : files) {
      input.nextFile();
      readFile(file, reading, input);
    }
    input.settleUpdate();
    Snapshot snapshot = new Assembly(input, files).snapshot();
    return new Loaded(
        snapshot,
        Policies.of(input.policies),
        input.outside,
        Optional.ofNullable(input.lab),
        new Places(input.spots),
        input.problems(),
        input.read,
        input.skipped);
  }

  private static void readFile(SourceText file, Reading reading, Input input) {
    ObjectReader objects = new ObjectReader(file.file(), reading, input);
    Texts.read(
        file,
        objects::read,
        broken -> {
          input.report(broken.line(), List.of(Texts.unreadable(file.file(), broken)));
        },
        () -> !input.isHopeless());
  }
}
