package dev.ringfence.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Which files a PATH stands for: itself, or every manifest below a folder.
public final class ManifestFiles {
  private ManifestFiles() {}

  /// Files in the order of their names; a path that is no folder is taken as it is, there or not.
  ///
  /// @throws IOException if a folder cannot be listed
  public static List<Path> of(String path) throws IOException {
    Path start = Path.of(path);
    if (!Files.isDirectory(start)) {
      return List.of(start);
    }
    try (Stream<Path> below = Files.walk(start, FileVisitOption.FOLLOW_LINKS)) {
      return below.filter(ManifestFiles::isManifest).sorted().toList();
    } catch (UncheckedIOException unreadable) {
      throw unreadable.getCause();
    }
  }

  /// The folders whose entries decide what [#of] answers.
  static List<Path> folders(String path) throws IOException {
    Path start = Path.of(path);
    if (!Files.isDirectory(start)) {
      Path parent = start.toAbsolutePath().getParent();
      return parent == null ? List.of() : List.of(parent);
    }
    try (Stream<Path> below = Files.walk(start, FileVisitOption.FOLLOW_LINKS)) {
      return below.filter(Files::isDirectory).toList();
    } catch (UncheckedIOException unreadable) {
      throw unreadable.getCause();
    }
  }

  private static boolean isManifest(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return !name.startsWith(".")
        && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"))
        && Files.isRegularFile(file);
  }
}
