package dev.ringfence.core.manifest;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// One file to its documents, each as soon as it is read.
final class Texts {
  private Texts() {}

  /// Where a document cannot be read the next one still is.
  ///
  /// @param goOn asked before each document
  static void read(
      SourceText file, Consumer<Document> sink, Consumer<TextError> broken, BooleanSupplier goOn) {
    DocumentReader text = new DocumentReader(file.bytes());
    TreeReader trees = new TreeReader(text, sink);
    boolean more = true;
    while (more && goOn.getAsBoolean()) {
      try {
        more = text.next();
        if (more) {
          trees.read();
        }
      } catch (TextError wrong) {
        broken.accept(wrong);
      }
    }
  }

  static Problem unreadable(String file, TextError broken) {
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
