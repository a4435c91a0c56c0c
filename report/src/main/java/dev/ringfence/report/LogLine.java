package dev.ringfence.report;

/// One line of an agent's log.
///
/// @param time UTC, as RFC 3339 writes it
/// @param level `info`, `warning` or `error`
/// @param event what kind of thing it is, in one word that stays the same
/// @param message for a person; of what is refused, with file, line and field
public record LogLine(String time, String level, String event, String node, String message) {}
