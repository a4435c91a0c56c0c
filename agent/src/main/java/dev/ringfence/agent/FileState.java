package dev.ringfence.agent;

import dev.ringfence.core.manifest.Admission;
import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.core.manifest.Manifests;
import dev.ringfence.core.manifest.Problem;
import dev.ringfence.core.manifest.SourceText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The cluster as files tell it. A file that cannot be read counts as it last could; the others
/// count as they are now.
public final class FileState {
  private static final String STANDARD_INPUT = "-";

  private final List<String> paths;
  private final Map<String, byte[]> good = new TreeMap<>();
  private final byte[] standardInput;
  private @Nullable Loaded inForce;

  /// @param paths files, folders, or `-`
  /// @param standardInput what `-` stands for, read once by the caller
  public FileState(List<String> paths, byte[] standardInput) {
    this.paths = List.copyOf(paths);
    this.standardInput = standardInput.clone();
  }

  /// What the files say.
  ///
  /// @param inForce empty if there never was a state without errors
  /// @param refusals everything that cannot be taken as it is now, one line each; the state in
  ///   force does without it
  public record Reading(Optional<Loaded> inForce, List<String> refusals) {
    public Reading {
      refusals = List.copyOf(refusals);
    }

    /// Whether everything is as the files say now.
    public boolean complete() {
      return refusals.isEmpty();
    }
  }

  public List<String> paths() {
    return paths;
  }

  /// Reads all files again; the state in force stays the same object while nothing good changed.
  public Reading read() {
    List<String> refusals = new ArrayList<>();
    Map<String, byte[]> texts = texts(refusals);
    if (refusals.isEmpty() && inForce != null && same(texts, good)) {
      return new Reading(Optional.of(inForce), refusals);
    }
    Loaded now = read(texts);
    now.problems().stream().filter(Problem::isError).map(Problem::toString).forEach(refusals::add);
    if (refusals.isEmpty()) {
      good.clear();
      good.putAll(texts);
      inForce = now;
    } else if (inForce != null) {
      takeWhatIsGood(texts, now);
    }
    return new Reading(Optional.ofNullable(inForce), refusals);
  }

  /// The texts of the state in force, to be read once.
  public List<SourceText> texts() {
    return sources(good);
  }

  private void takeWhatIsGood(Map<String, byte[]> texts, Loaded now) {
    Map<String, byte[]> mended = new TreeMap<>(texts);
    for (String bad : blamed(now)) {
      byte[] before = good.get(bad);
      if (before == null) {
        mended.remove(bad);
      } else {
        mended.put(bad, before);
      }
    }
    if (same(mended, good)) {
      return;
    }
    Loaded again = read(mended);
    if (!again.refused()) {
      good.clear();
      good.putAll(mended);
      inForce = again;
    }
  }

  private static boolean same(Map<String, byte[]> some, Map<String, byte[]> others) {
    return some.keySet().equals(others.keySet())
        && some.entrySet().stream()
            .allMatch(one -> Arrays.equals(one.getValue(), others.get(one.getKey())));
  }

  private static Set<String> blamed(Loaded loaded) {
    Set<String> out = new LinkedHashSet<>();
    loaded.problems().stream()
        .filter(Problem::isError)
        .forEach(problem -> problem.place().ifPresent(place -> out.add(place.file())));
    return out;
  }

  private static Loaded read(Map<String, byte[]> texts) {
    return Manifests.read(sources(texts), Admission.WRITTEN);
  }

  private static List<SourceText> sources(Map<String, byte[]> texts) {
    List<SourceText> sources = new ArrayList<>();
    texts.forEach(
        (file, bytes) -> sources.add(new SourceText(file, new ByteArrayInputStream(bytes))));
    return sources;
  }

  /// Texts by file as typed; of a file that is there and cannot be opened, the last good one.
  private Map<String, byte[]> texts(List<String> refusals) {
    Map<String, byte[]> out = new TreeMap<>();
    for (String path : paths) {
      if (path.equals(STANDARD_INPUT)) {
        out.put(path, standardInput);
        continue;
      }
      try {
        for (Path file : ManifestFiles.of(path)) {
          text(path, file, out, refusals);
        }
      } catch (IOException unreadable) {
        refusals.add(complaint(path, unreadable));
        good.forEach((file, text) -> {
          if (Path.of(file).startsWith(path)) {
            out.put(file, text);
          }
        });
      }
    }
    return out;
  }

  private void text(String path, Path file, Map<String, byte[]> out, List<String> refusals) {
    String name = file.toString();
    try {
      out.put(name, Files.readAllBytes(file));
    } catch (IOException unreadable) {
      if (unreadable instanceof NoSuchFileException && !path.equals(name)) {
        return; // a file of a folder may go, and its objects with it
      }
      refusals.add(complaint(name, unreadable));
      byte[] before = good.get(name);
      if (before != null) {
        out.put(name, before);
      }
    }
  }

  private static String complaint(String file, IOException why) {
    String words =
        switch (why) {
          case NoSuchFileException gone -> "no such file";
          case AccessDeniedException denied -> "permission denied";
          default -> why.toString();
        };
    return file + ": error: cannot be read: " + words;
  }
}
