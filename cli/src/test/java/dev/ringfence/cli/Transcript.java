package dev.ringfence.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A file of commands and what they print, as a terminal shows it: `$ ringfence …`, then the
/// output, then `[exit N]` unless N is 0; a page shows none. Lines of a page around such blocks,
/// and lines elsewhere that start with `# `, are kept as they are.
final class Transcript {
  private static final String PROMPT = "$ ringfence ";

  private final String prefix;
  private final List<String> lines;

  /// @param prefix what a line of it starts with, as in an indented block of a page
  Transcript(String prefix, List<String> lines) {
    this.prefix = prefix;
    this.lines = List.copyOf(lines);
  }

  /// The same with what the commands print now, run on files below `folder`.
  ///
  /// @param blocks whether a line without the prefix ends the output, as on a page; else the next
  ///   command or comment does
  List<String> replayed(Path folder, boolean blocks) {
    List<String> out = new ArrayList<>();
    boolean printing = false;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith(prefix + PROMPT)) {
        out.add(line);
        output(line.substring(prefix.length() + PROMPT.length()), folder, blocks)
            .forEach(text -> out.add((prefix + text).stripTrailing()));
        printing = true;
      } else if (printing && (blocks ? endsBlock(i) : line.startsWith("# "))) {
        printing = false;
        out.add(line);
      } else if (!printing) {
        out.add(line);
      }
    }
    return out;
  }

  /// Whether this line is no longer output: an empty one is, if a block goes on after it.
  private boolean endsBlock(int at) {
    if (!lines.get(at).isEmpty()) {
      return !lines.get(at).startsWith(prefix);
    }
    return at + 1 >= lines.size() || !lines.get(at + 1).startsWith(prefix);
  }

  /// An argument that is a PATH by itself, as `check` takes it.
  private static boolean isFile(Path folder, String arg) {
    return arg.contains(".") && Files.exists(folder.resolve(arg));
  }

  private static List<String> output(String command, Path folder, boolean page) {
    String[] args = command.split(" +");
    String hidden = folder + "/";
    for (int i = 1; i < args.length; i++) {
      if (args[i - 1].equals("-f") || isFile(folder, args[i])) {
        hidden = Files.exists(folder.resolve(args[i])) ? hidden : "../";
        args[i] = hidden + args[i];
      }
    }
    Run run = Run.of(args);
    List<String> out = new ArrayList<>();
    (run.err() + run.out()).replace(hidden, "").lines().forEach(out::add);
    if (run.exit() != 0 && !page) {
      out.add("[exit " + run.exit() + "]");
    }
    return out;
  }
}
