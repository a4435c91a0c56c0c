package dev.ringfence.cli;

import dev.ringfence.report.Json;
import dev.ringfence.report.QueryError;
import dev.ringfence.report.QuestionLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/// `query --batch`: one answer a line, in the order of the questions.
final class Batch {
  private final Console console;
  private final Answers answers;
  private final Set<String> warned = new HashSet<>();

  Batch(Console console, Answers answers) {
    this.console = console;
    this.answers = answers;
  }

  /// Answers every line as it comes, so that a program may ask on while it reads.
  ///
  /// @param file a path, or `-` for standard input
  /// @return 0 if every line was answered, else 2
  int run(String file) {
    boolean whole = true;
    try (BufferedReader lines = new BufferedReader(open(file))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          whole &= answer(line);
          if (!lines.ready()) {
            console.out().flush();
          }
        }
      }
    } catch (NoSuchFileException e) {
      throw new Failure(file + ": no such file", e);
    } catch (IOException e) {
      throw new Failure(file + ": cannot be read: " + e.getMessage(), e);
    }
    return whole ? ExitCodes.YES : ExitCodes.FAILED;
  }

  private Reader open(String file) throws IOException {
    return file.equals("-")
        ? new InputStreamReader(console.in(), StandardCharsets.UTF_8)
        : Files.newBufferedReader(Path.of(file));
  }

  private boolean answer(String line) {
    return switch (QuestionLine.read(line)) {
      case QuestionLine.Refused(var error) -> failed(error);
      case QuestionLine.Asked(var question) ->
          switch (answers.to(question)) {
            case Answers.Outcome.Failed(var error) -> failed(error);
            case Answers.Outcome.Answered(var answer, var warnings) -> {
              warnings.stream()
                  .filter(warned::add)
                  .forEach(text -> console.note(console.paint().yellow("warning: ") + text));
              console.out().println(Json.line(answer));
              yield true;
            }
          };
    };
  }

  private boolean failed(QueryError error) {
    console.out().println(Json.line(error));
    return false;
  }
}
