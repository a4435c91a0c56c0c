package dev.ringfence.core.manifest;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// Follows a text byte by byte while it is JSON: finds where the object ends, so that several in a
/// row need nothing between them, as kubectl reads them, and what is wrong with it, in the words of
/// the server's reader.
///
/// A text is JSON if it begins with a brace and a quote; everything else is YAML, which only `---`
/// ends. JSON is read strictly: what YAML would make of an unquoted word is not what was written.
final class JsonExtent {
  private enum State {
    BEFORE,
    AFTER_BRACE,
    KEY,
    AFTER_KEY,
    VALUE,
    VALUE_OR_END,
    AFTER_VALUE,
    STRING,
    ESCAPE,
    HEX,
    MINUS,
    ZERO,
    DIGITS,
    POINT,
    FRACTION,
    EXPONENT,
    EXPONENT_SIGN,
    EXPONENT_DIGITS,
    WORD,
    OVER,
    NOT_JSON
  }

  private State state = State.BEFORE;
  private final BitSet objects = new BitSet();
  private int depth;
  private boolean key;
  private int hexDigits;
  private String word = "";
  private int at;
  private @Nullable String mistake;

  /// Takes the next byte; whether the object ends with it.
  boolean endsWith(byte one) {
    state = next(one & 0xFF);
    return state == State.OVER;
  }

  /// Whether there is no need to ask on.
  boolean decided() {
    return state == State.NOT_JSON;
  }

  boolean isJson() {
    return depth > 0 || state == State.OVER;
  }

  /// What is wrong with the last byte, if it is.
  @Nullable String mistake() {
    return mistake;
  }

  private State next(int one) {
    return switch (state) {
      case BEFORE -> isBlank(one) ? State.BEFORE : one == '{' ? State.AFTER_BRACE : State.NOT_JSON;
      case AFTER_BRACE -> afterBrace(one);
      case KEY -> isBlank(one) ? State.KEY : key(one);
      case AFTER_KEY -> afterKey(one);
      case VALUE -> isBlank(one) ? State.VALUE : value(one);
      case VALUE_OR_END -> isBlank(one) ? State.VALUE_OR_END : one == ']' ? close() : value(one);
      case AFTER_VALUE -> afterValue(one);
      case STRING -> string(one);
      case ESCAPE -> escape(one);
      case HEX -> hex(one);
      case WORD -> word(one);
      case OVER, NOT_JSON -> State.NOT_JSON;
      case MINUS, ZERO, DIGITS, POINT, FRACTION, EXPONENT, EXPONENT_SIGN, EXPONENT_DIGITS ->
          number(one);
    };
  }

  private static boolean isBlank(int one) {
    return one == ' ' || one == '\t' || one == '\r' || one == '\n';
  }

  /// Only here is it decided: an empty object, or a quoted key.
  private State afterBrace(int one) {
    if (isBlank(one)) {
      return State.AFTER_BRACE;
    }
    if (depth == 0) {
      if (one != '"' && one != '}') {
        return State.NOT_JSON;
      }
      open(true);
    }
    return one == '}' ? close() : key(one);
  }

  private State key(int one) {
    if (one != '"') {
      return wrong(one, "looking for beginning of object key string");
    }
    key = true;
    return State.STRING;
  }

  private State afterKey(int one) {
    if (isBlank(one)) {
      return State.AFTER_KEY;
    }
    return one == ':' ? State.VALUE : wrong(one, "after object key");
  }

  private State value(int one) {
    return switch (one) {
      case '{' -> {
        open(true);
        yield State.AFTER_BRACE;
      }
      case '[' -> {
        open(false);
        yield State.VALUE_OR_END;
      }
      case '"' -> {
        key = false;
        yield State.STRING;
      }
      case '-' -> State.MINUS;
      case '0' -> State.ZERO;
      case '1', '2', '3', '4', '5', '6', '7', '8', '9' -> State.DIGITS;
      case 't' -> start("true");
      case 'f' -> start("false");
      case 'n' -> start("null");
      default -> wrong(one, "looking for beginning of value");
    };
  }

  private State start(String expected) {
    word = expected;
    at = 1;
    return State.WORD;
  }

  private State word(int one) {
    if (one != word.charAt(at)) {
      return wrong(one, "in literal " + word + " (expecting '" + word.charAt(at) + "')");
    }
    return ++at == word.length() ? State.AFTER_VALUE : State.WORD;
  }

  private State afterValue(int one) {
    if (isBlank(one)) {
      return State.AFTER_VALUE;
    }
    boolean object = objects.get(depth);
    if (one == ',') {
      return object ? State.KEY : State.VALUE;
    }
    if (one == (object ? '}' : ']')) {
      return close();
    }
    return wrong(one, object ? "after object key:value pair" : "after array element");
  }

  private void open(boolean object) {
    objects.set(++depth, object);
  }

  private State close() {
    return --depth == 0 ? State.OVER : State.AFTER_VALUE;
  }

  private State string(int one) {
    if (one == '"') {
      return key ? State.AFTER_KEY : State.AFTER_VALUE;
    }
    if (one < ' ') {
      return wrong(one, "in string literal");
    }
    return one == '\\' ? State.ESCAPE : State.STRING;
  }

  private State escape(int one) {
    if (one == 'u') {
      hexDigits = 0;
      return State.HEX;
    }
    return "bfnrt\\/\"".indexOf(one) >= 0 ? State.STRING : wrong(one, "in string escape code");
  }

  private State hex(int one) {
    if (Character.digit(one, 16) < 0) {
      return wrong(one, "in \\u hexadecimal character escape");
    }
    return ++hexDigits == 4 ? State.STRING : State.HEX;
  }

  private State number(int one) {
    boolean digit = one >= '0' && one <= '9';
    boolean exponent = one == 'e' || one == 'E';
    return switch (state) {
      case MINUS ->
          digit ? (one == '0' ? State.ZERO : State.DIGITS) : wrong(one, "in numeric literal");
      case ZERO, DIGITS -> {
        if (digit && state == State.DIGITS) {
          yield State.DIGITS;
        }
        yield one == '.' ? State.POINT : exponent ? State.EXPONENT : afterValue(one);
      }
      case POINT -> digit ? State.FRACTION : wrong(one, "after decimal point in numeric literal");
      case FRACTION -> digit ? State.FRACTION : exponent ? State.EXPONENT : afterValue(one);
      case EXPONENT ->
          one == '+' || one == '-'
              ? State.EXPONENT_SIGN
              : digit ? State.EXPONENT_DIGITS : wrong(one, "in exponent of numeric literal");
      case EXPONENT_SIGN ->
          digit ? State.EXPONENT_DIGITS : wrong(one, "in exponent of numeric literal");
      default -> digit ? State.EXPONENT_DIGITS : afterValue(one);
    };
  }

  private State wrong(int one, String context) {
    String shown =
        switch (one) {
          case '\'' -> "'\\''";
          case '"' -> "'\"'";
          default -> {
            String quoted = GoText.quote(Character.toString(one));
            yield "'" + quoted.substring(1, quoted.length() - 1) + "'";
          }
        };
    mistake = "json parse error: invalid character " + shown + " " + context;
    return State.NOT_JSON;
  }
}
