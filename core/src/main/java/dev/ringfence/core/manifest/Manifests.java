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
    Input input = new Input();
    for (SourceText file : files) {
      input.nextFile();
      readFile(file, admission, input);
    }
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

  private static void readFile(SourceText file, Admission admission, Input input) {
    DocumentReader text = new DocumentReader(file.bytes());
    ObjectReader objects = new ObjectReader(file.file(), admission, input);
    TreeReader trees = new TreeReader(text, objects::read);
    boolean more = true;
    while (more && !input.isHopeless()) {
      try {
        more = text.next();
        if (more) {
          trees.read();
        }
      } catch (TextError broken) {
        input.report(broken.line(), List.of(unreadable(file.file(), broken)));
      }
    }
  }

  private static Problem unreadable(String file, TextError broken) {
    return new Problem(
        Severity.ERROR,
        Optional.of(new Place(file, broken.line(), broken.column())),
        Optional.empty(),
        Optional.empty(),
        Reason.BAD_REQUEST,
        broken.text(),
        true);
  }
}
