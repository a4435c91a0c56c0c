package dev.ringfence.lab.api.objects;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/// How long ago, as short as kubectl shows it: `59s`, `3m10s`, `2d3h`.
final class Ages {
  private Ages() {}

  /// @param time as in an object; `<unknown>` without one
  static String since(String time, Instant now) {
    if (time.isEmpty()) {
      return "<unknown>";
    }
    try {
      return shown(Duration.between(Instant.parse(time), now));
    } catch (DateTimeException no) {
      return "<unknown>";
    }
  }

  static String shown(Duration age) {
    long seconds = age.toSeconds();
    if (seconds < -1) {
      return "<invalid>";
    }
    if (seconds < 120) {
      return Math.max(0, seconds) + "s";
    }
    long minutes = seconds / 60;
    if (minutes < 10) {
      return minutes + "m" + part(seconds % 60, "s");
    }
    if (minutes < 180) {
      return minutes + "m";
    }
    long hours = minutes / 60;
    if (hours < 8) {
      return hours + "h" + part(minutes % 60, "m");
    }
    if (hours < 48) {
      return hours + "h";
    }
    long days = hours / 24;
    if (days < 8) {
      return days + "d" + part(hours % 24, "h");
    }
    if (days < 730) {
      return days + "d";
    }
    return days < 8 * 365 ? days / 365 + "y" + part(days % 365, "d") : days / 365 + "y";
  }

  private static String part(long count, String unit) {
    return count == 0 ? "" : count + unit;
  }
}
