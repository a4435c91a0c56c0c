package dev.ringfence.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A file of commands and what they print, as a terminal shows it: `$ ringfence …`, then the
/// output, then `[exit N]` unless N is 0. Lines before the first command are kept as they are.
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
  /// @param blocks whether a line without the prefix ends the output, as on a page; else output
  ///   ends at the next command
  List<String> replayed(Path folder, boolean blocks) {
    List<String> out = new ArrayList<>();
    boolean printing = false;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith(prefix + PROMPT)) {
        out.add(line);
        output(line.substring(prefix.length() + PROMPT.length()), folder)
            .forEach(text -> out.add((prefix + text).stripTrailing()));
        printing = true;
      } else if (printing && blocks && endsBlock(i)) {
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

  private static List<String> output(String command, Path folder) {
    String shown = folder.toString() + "/";
    String[] args = command.split(" +");
    for (int i = 1; i < args.length; i++) {
      if (args[i - 1].equals("-f")) {
        args[i] = shown + args[i];
      }
    }
    Run run = Run.of(args);
    List<String> out = new ArrayList<>();
    (run.err() + run.out()).replace(shown, "").lines().forEach(out::add);
    if (run.exit() != 0) {
      out.add("[exit " + run.exit() + "]");
    }
    return out;
  }
}
