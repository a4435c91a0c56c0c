package dev.ringfence.core.manifest;

/// Finds where a JSON object ends, so that several in a row need nothing between them, as kubectl
/// reads them. It gives up where the text turns out to be YAML, which only `---` ends.
final class JsonExtent {
  private enum State {
    BEFORE,
    INSIDE,
    STRING,
    ESCAPE,
    OVER,
    NOT_JSON
  }

  private State state = State.BEFORE;
  private int depth;

  /// Takes the next byte; whether the object ends with it.
  boolean endsWith(byte one) {
    state =
        switch (state) {
          case BEFORE -> before(one);
          case INSIDE -> inside(one);
          case STRING -> one == '"' ? State.INSIDE : one == '\\' ? State.ESCAPE : State.STRING;
          case ESCAPE -> State.STRING;
          case OVER, NOT_JSON -> State.NOT_JSON;
        };
    return state == State.OVER;
  }

  /// Whether there is no need to ask on.
  boolean decided() {
    return state == State.NOT_JSON;
  }

  private State before(byte one) {
    return switch (one) {
      case ' ', '\t', '\r', '\n' -> State.BEFORE;
      case '{' -> {
        depth = 1;
        yield State.INSIDE;
      }
      default -> State.NOT_JSON;
    };
  }

  private State inside(byte one) {
    return switch (one) {
      case '"' -> State.STRING;
      case '{', '[' -> {
        depth++;
        yield State.INSIDE;
      }
      case '}', ']' -> --depth == 0 ? State.OVER : State.INSIDE;
      case '\'', '#', '&', '*', '!' -> State.NOT_JSON;
      default -> State.INSIDE;
    };
  }
}
