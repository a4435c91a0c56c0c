package dev.ringfence.core.manifest;

import dev.ringfence.core.manifest.Tree.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a plain scalar is, by the YAML 1.1 rules that the API server reads with (S185).
final class Scalars {
  /// Longer texts are no number to the server either: it cannot hold them.
  private static final int LONGEST_NUMBER = 400;

  private Scalars() {}

  /// @param value what the server reads: `80` for `0x50`, `true` for `yes`; for a string its text
  record Read(Kind kind, String value) {}

  static boolean isNull(String text) {
    return switch (text) {
      case "", "~", "null", "Null", "NULL" -> true;
      default -> false;
    };
  }

  /// `.inf` and `.nan`, which JSON has no word for, so the server refuses them.
  static boolean isNotFinite(String text) {
    return switch (text) {
      case ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF" -> true;
      case "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF" -> true;
      default -> false;
    };
  }

  /// How the server spells one of [#isNotFinite] as a key.
  static String notFinite(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return lower.startsWith("+") ? lower.substring(1) : lower;
  }

  /// @param json whether the document is JSON, where a number is never re-read
  static Read plain(String text, boolean json) {
    char first = text.isEmpty() ? ' ' : text.charAt(0);
    if ((first >= '0' && first <= '9') || first == '-' || first == '+' || first == '.') {
      return number(text, json);
    }
    return switch (text) {
      case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON" ->
          new Read(Kind.BOOLEAN, "true");
      case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF" ->
          new Read(Kind.BOOLEAN, "false");
      default -> new Read(Kind.STRING, text);
    };
  }

  private static Read number(String text, boolean json) {
    if (isUsual(text)) {
      return new Read(Kind.INTEGER, text);
    }
    if (json && isDecimal(text, text.charAt(0) == '-' ? 1 : 0)) {
      boolean whole = text.chars().allMatch(c -> (c >= '0' && c <= '9') || c == '-');
      return new Read(whole ? Kind.INTEGER : Kind.FRACTION, text);
    }
    if (text.length() > LONGEST_NUMBER) {
      return new Read(Kind.STRING, text);
    }
    String digits = text.charAt(0) == '.' ? text : text.replace("_", "");
    BigInteger whole = whole(digits);
    if (whole != null && whole.bitLength() <= (whole.signum() < 0 ? 63 : 64)) {
      return new Read(Kind.INTEGER, whole.toString());
    }
    int sign = digits.startsWith("-") || digits.startsWith("+") ? 1 : 0;
    if (isDecimal(digits, sign)) {
      double value = Double.parseDouble(digits);
      if (!Double.isInfinite(value)) {
        String plain = goJson(value);
        boolean fits = plain.indexOf('.') < 0 && plain.indexOf('e') < 0 && plain.length() < 19;
        return new Read(fits ? Kind.INTEGER : Kind.FRACTION, plain);
      }
    }
    return new Read(Kind.STRING, text);
  }

  /// Whether it is a whole number that anyone would read alike.
  private static boolean isUsual(String text) {
    int digits = digits(text, 0);
    return digits == text.length() && digits <= 18 && (digits == 1 || text.charAt(0) != '0');
  }

  /// Whether the server's YAML reader holds a number spelled so as an integer: `0x10` it does,
  /// `1e3` it does not.
  static boolean isWhole(String spelling) {
    BigInteger whole = whole(spelling.charAt(0) == '.' ? spelling : spelling.replace("_", ""));
    return whole != null && whole.bitLength() <= (whole.signum() < 0 ? 63 : 64);
  }

  /// Whether only 64 bits without a sign hold it, which the server takes as a value and not as a
  /// key.
  static boolean isUnsigned(String spelling) {
    BigInteger whole = whole(spelling.replace("_", ""));
    return whole != null && whole.signum() > 0 && whole.bitLength() == 64;
  }

  /// Go's ParseInt with base 0; null where it would fail.
  private static @Nullable BigInteger whole(String text) {
    boolean negative = text.startsWith("-");
    String digits = negative || text.startsWith("+") ? text.substring(1) : text;
    int radix = 10;
    if (digits.length() > 1 && digits.charAt(0) == '0') {
      char mark = Character.toLowerCase(digits.charAt(1));
      radix = mark == 'x' ? 16 : mark == 'b' ? 2 : 8;
      digits = digits.substring(mark == 'x' || mark == 'b' || mark == 'o' ? 2 : 1);
    }
    if (digits.isEmpty()) {
      return null;
    }
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c >= 128 || Character.digit(c, radix) < 0) {
        return null;
      }
    }
    BigInteger value = new BigInteger(digits, radix);
    return negative ? value.negate() : value;
  }

  /// `[0-9]+(\.[0-9]*)?|\.[0-9]+`, with an exponent or without, from `at` on.
  private static boolean isDecimal(String text, int at) {
    int before = digits(text, at);
    int i = at + before;
    int after = 0;
    if (i < text.length() && text.charAt(i) == '.') {
      after = digits(text, i + 1);
      i += 1 + after;
    }
    if (before + after == 0) {
      return false;
    }
    if (i < text.length() && (text.charAt(i) == 'e' || text.charAt(i) == 'E')) {
      i++;
      if (i < text.length() && (text.charAt(i) == '+' || text.charAt(i) == '-')) {
        i++;
      }
      int exponent = digits(text, i);
      if (exponent == 0) {
        return false;
      }
      i += exponent;
    }
    return i == text.length();
  }

  private static int digits(String text, int from) {
    int i = from;
    while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
      i++;
    }
    return i - from;
  }

  /// As Go's JSON writer spells a float64.
  static String goJson(double value) {
    BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    double size = Math.abs(value);
    if (size == 0) {
      return value < 0 || 1 / value < 0 ? "-0" : "0";
    }
    if (size >= 1e-6 && size < 1e21) {
      return exact.toPlainString();
    }
    return exponential(exact, 1);
  }

  /// How the server spells a number that is a key: `010` is `8`, and a float is rounded to 32 bits
  /// first (S185).
  ///
  /// @param value what [#plain] read
  static String key(String spelling, String value) {
    String digits = spelling.replace("_", "");
    BigInteger whole = whole(digits);
    if (whole != null && whole.bitLength() <= (whole.signum() < 0 ? 63 : 64)) {
      return value;
    }
    return floatKey(Double.parseDouble(digits));
  }

  private static String floatKey(double value) {
    float rounded = (float) value;
    if (Float.isInfinite(rounded)) {
      return rounded > 0 ? ".inf" : "-.inf";
    }
    if (rounded == 0) {
      return 1 / rounded < 0 ? "-0" : "0";
    }
    BigDecimal exact = new BigDecimal(Float.toString(rounded)).stripTrailingZeros();
    int exponent = exact.precision() - exact.scale() - 1;
    return exponent < -4 || exponent >= 6 ? exponential(exact, 2) : exact.toPlainString();
  }

  private static String exponential(BigDecimal exact, int exponentDigits) {
    String digits = exact.unscaledValue().abs().toString();
    int exponent = exact.precision() - exact.scale() - 1;
    String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    String size = String.format(Locale.ROOT, "%0" + exponentDigits + "d", Math.abs(exponent));
    return (exact.signum() < 0 ? "-" : "") + mantissa + (exponent < 0 ? "e-" : "e+") + size;
  }
}
