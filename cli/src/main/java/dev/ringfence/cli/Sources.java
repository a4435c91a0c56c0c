package dev.ringfence.cli;

import dev.ringfence.agent.ManifestFiles;
import dev.ringfence.core.manifest.SourceText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What PATH stands for: a file, a folder with every manifest below it, or `-`.
final class Sources {
  private Sources() {}

  /// Every text behind these paths, each named as typed; a folder's files in the order of their
  /// names. A file is opened once somebody reads it; then a [Failure] may still come.
  ///
  /// @throws Failure for a path that is not there, and for a folder without manifests
  static List<SourceText> read(List<String> paths, InputStream stdin) {
    List<SourceText> out = new ArrayList<>();
    for (String path : paths) {
      if (path.equals("-")) {
        out.add(new SourceText("-", stdin));
        continue;
      }
      files(path).forEach(file -> out.add(text(file)));
    }
    return out;
  }

  private static List<Path> files(String path) {
    try {
      List<Path> found = ManifestFiles.of(path);
      if (found.isEmpty()) {
        throw new Failure(path + ": no *.yaml, *.yml or *.json in this folder");
      }
      return found;
    } catch (IOException e) {
      throw new Failure(path + ": cannot be read: " + why(e), e);
    }
  }

  private static SourceText text(Path file) {
    if (!Files.exists(file)) {
      throw new Failure(file + ": cannot be read: no such file");
    }
    return new SourceText(file.toString(), new FileBytes(file));
  }

  static String why(Exception e) {
    return switch (e) {
      case NoSuchFileException gone -> "no such file";
      case java.nio.file.AccessDeniedException denied -> "permission denied";
      default -> e.getMessage() == null ? e.toString() : e.getMessage();
    };
  }
}
