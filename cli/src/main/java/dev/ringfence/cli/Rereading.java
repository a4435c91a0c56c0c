package dev.ringfence.cli;

import dev.ringfence.core.manifest.SourceText;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Gives the texts that were read once more, for their lines to be quoted: a file is opened again,
/// of what can be read but once the beginning is kept.
final class Rereading {
  private final Map<String, Recorded> recorded = new HashMap<>();

  /// The same texts, kept where they must be.
  List<SourceText> of(List<SourceText> texts) {
    List<SourceText> out = new ArrayList<>();
    for (SourceText text : texts) {
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

  InputStream again(String file) {
    Recorded kept = recorded.get(file);
    return kept == null ? new FileBytes(Path.of(file)) : kept.again();
  }
}
