package dev.ringfence.e2e.wire;

import dev.ringfence.lab.netns.Instance;
import dev.ringfence.lab.netns.Leftovers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The namespaces of one test, under a name that no other process uses.
public final class Spaces {
  private static final Pattern OURS = Pattern.compile("rf-(e2e([0-9]+)x[0-9]+)-.*");
  private static final AtomicInteger COUNT = new AtomicInteger();

  private Spaces() {}

  /// A name for an instance; also clears what test runs left that were killed.
  public static Instance fresh() throws IOException {
    clearDead();
    return new Instance("e2e" + ProcessHandle.current().pid() + "x" + COUNT.incrementAndGet());
  }

  private static void clearDead() throws IOException {
    Path all = Path.of("/run/netns");
    if (!Files.isDirectory(all)) {
      return;
    }
    List<String> names;
    try (Stream<Path> found = Files.list(all)) {
      names = found.map(path -> String.valueOf(path.getFileName())).toList();
    }
    for (String name : names) {
      Matcher ours = OURS.matcher(name);
      if (ours.matches() && ProcessHandle.of(Long.parseLong(ours.group(2))).isEmpty()) {
        Leftovers.clear(new Instance(ours.group(1)));
      }
    }
  }
}
