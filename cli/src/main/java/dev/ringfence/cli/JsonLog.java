package dev.ringfence.cli;

import dev.ringfence.agent.AgentLog;
import dev.ringfence.report.Json;
import dev.ringfence.report.LogLine;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/// One JSON object a line, on standard error.
record JsonLog(Console console, String node) implements AgentLog {
  @Override
  public void say(Level level, String event, String message) {
    String time = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    String word = level.name().toLowerCase(Locale.ROOT);
    console.note(Json.line(new LogLine(time, word, event, node, message)));
  }
}
