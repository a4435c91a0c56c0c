package dev.ringfence.core.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;

/// Timestamps as the server reads them, RFC 3339, and its words for what is wrong with one (S177).
final class GoTime {
  private static final int LONGEST = 4_096;
  private static final String LAYOUT = "2006-01-02T15:04:05Z07:00";

  /// What a layout is made of; the last one is the zone.
  private static final List<String> PARTS =
      List.of("2006", "-", "01", "-", "02", "T", "15", ":", "04", ":", "05", "Z07:00");

  private GoTime() {}

  /// Why the text is no timestamp; empty where it is one.
  static Optional<String> mistake(String text) {
    String rest = text;
    int year = 0;
    int month = 0;
    int day = 0;
    for (String part : PARTS) {
      int length = length(part, rest);
      if (length < 0) {
        return Optional.of(
            "parsing time "
                + quote(text)
                + " as "
                + quote(LAYOUT)
                + ": cannot parse "
                + quote(rest)
                + " as "
                + quote(part));
      }
      String digits = rest.substring(0, length);
      rest = rest.substring(length);
      String out = outOfRange(part, digits);
      if (!out.isEmpty()) {
        return Optional.of("parsing time " + quote(text) + ": " + out + " out of range");
      }
      switch (part) {
        case "2006" -> year = Integer.parseInt(digits);
        case "01" -> month = Integer.parseInt(digits);
        case "02" -> day = Integer.parseInt(digits);
        case "05" -> rest = rest.substring(fraction(rest));
        default -> {}
      }
    }
    if (!rest.isEmpty()) {
      return Optional.of("parsing time " + quote(text) + ": extra text: " + quote(rest));
    }
    if (day < 1 || day > java.time.YearMonth.of(year, month).lengthOfMonth()) {
      return Optional.of("parsing time " + quote(text) + ": day out of range");
    }
    return Optional.empty();
  }

  /// Go's `time` has a quotation of its own, byte by byte.
  private static String quote(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (byte one : text.substring(0, Math.min(text.length(), LONGEST)).getBytes(UTF_8)) {
      if (one < ' ') { // also every byte of what is no ASCII
        out.append(String.format("\\x%02x", one));
      } else {
        out.append(one == '"' || one == '\\' ? "\\" : "").append((char) one);
      }
    }
    return out.append('"').toString();
  }

  /// How many characters of `rest` are this part; -1 where it does not begin with it.
  private static int length(String part, String rest) {
    return switch (part) {
      case "2006" -> digits(rest, 0, 4) ? 4 : -1;
      case "01", "02", "04", "05" -> digits(rest, 0, 2) ? 2 : -1;
      case "15" -> digits(rest, 0, 2) ? 2 : digits(rest, 0, 1) ? 1 : -1;
      case "Z07:00" -> zone(rest);
      default -> rest.startsWith(part) ? part.length() : -1;
    };
  }

  private static int zone(String rest) {
    if (rest.startsWith("Z")) {
      return 1;
    }
    boolean signed = rest.startsWith("+") || rest.startsWith("-");
    boolean spelled =
        signed
            && rest.length() >= 6
            && rest.charAt(3) == ':'
            && digits(rest, 1, 2)
            && digits(rest, 4, 2);
    return spelled ? 6 : -1;
  }

  private static String outOfRange(String part, String digits) {
    return switch (part) {
      case "01" -> isWithin(digits, 1, 12) ? "" : "month";
      case "15" -> isWithin(digits, 0, 23) ? "" : "hour";
      case "04" -> isWithin(digits, 0, 59) ? "" : "minute";
      case "05" -> isWithin(digits, 0, 59) ? "" : "second";
      case "Z07:00" -> {
        if (digits.length() == 1) {
          yield "";
        }
        yield !isWithin(digits.substring(1, 3), 0, 24)
            ? "time zone offset hour"
            : isWithin(digits.substring(4), 0, 60) ? "" : "time zone offset minute";
      }
      default -> "";
    };
  }

  private static boolean isWithin(String digits, int first, int last) {
    int value = Integer.parseInt(digits);
    return value >= first && value <= last;
  }

  /// How many characters a fraction of a second has, none included.
  private static int fraction(String rest) {
    if (rest.isEmpty() || (rest.charAt(0) != '.' && rest.charAt(0) != ',')) {
      return 0;
    }
    int end = 1;
    while (digits(rest, end, 1)) {
      end++;
    }
    return end == 1 ? 0 : end;
  }

  private static boolean digits(String text, int from, int count) {
    if (text.length() < from + count) {
      return false;
    }
    for (int i = from; i < from + count; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }
}
