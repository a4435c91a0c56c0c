package dev.ringfence.core.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import org.snakeyaml.engine.v2.exceptions.Mark;

/// The characters of one file, one document at a time: it ends before a line `---` or with the last
/// brace of a JSON object, as kubectl splits files, so that what breaks in one document leaves the
/// next ones alone.
///
/// Strict UTF-8; a byte order mark at the start of a document is dropped. Throws [TextError] where
/// the bytes are no text, and after [#MOST_BYTES] bytes of one object, in bounded memory.
final class DocumentReader extends Reader {
  /// The body that the API server takes at most (S181).
  static final int MOST_BYTES = 3 * 1024 * 1024;

  private static final int LOOK_AHEAD = 1024;
  private static final int LONGEST_CHARACTER = 4;

  private final InputStream in;
  private final byte[] bytes = new byte[16 * 1024];
  private int at;
  private int end;
  private boolean atEnd;
  private boolean atLineStart = true;
  private boolean documentOver = true;
  private boolean afterDirective;
  private int line = 1;
  private int column = 1;
  private int firstLine = 1;
  private int firstColumn = 1;
  private JsonExtent json = new JsonExtent();
  private int spent;

  DocumentReader(InputStream in) {
    this.in = in;
  }

  /// Goes to the start of the next document, past whatever is left of this one; false at the end.
  boolean next() {
    while (!documentOver && fill(LOOK_AHEAD)) {
      if (separatorHere()) {
        break;
      }
      skipLine();
    }
    afterDirective = false;
    while (fill(LOOK_AHEAD) && separatorHere()) {
      documentOver = true; // nothing between two separators
    }
    if (end == at) {
      return false;
    }
    documentOver = false;
    afterDirective = false;
    firstLine = line;
    firstColumn = column;
    json = new JsonExtent();
    spent = 0;
    skipByteOrderMark();
    return true;
  }

  /// The line of the file on which this document starts.
  int firstLine() {
    return firstLine;
  }

  /// The place of the parser's mark in the file; it counts from 0 and from this document.
  int lineOf(Mark mark) {
    return firstLine + mark.getLine();
  }

  int columnOf(Mark mark) {
    return (mark.getLine() == 0 ? firstColumn : 1) + mark.getColumn();
  }

  /// Whether the document is JSON; known once its first key has been read.
  boolean isJson() {
    return json.isJson();
  }

  /// Another object of a list starts: it has all [#MOST_BYTES] for itself.
  void renew() {
    spent = 0;
  }

  @Override
  public int read(char[] out, int from, int length) {
    if (spent > MOST_BYTES) {
      throw new TextError(line, column, "Request entity too large: limit is " + MOST_BYTES);
    }
    int to = from;
    int last = from + length;
    while (to < last - 1 && !documentOver) {
      if (end - at < LOOK_AHEAD && !fill(LOOK_AHEAD)) {
        documentOver = true;
      } else if (atLineStart && separatorHere()) {
        break;
      } else {
        to = copy(out, to, last);
      }
    }
    return to == from ? -1 : to - from;
  }

  /// Copies to the end of the line, of the buffer or of `out`, whichever comes first.
  private int copy(char[] out, int from, int last) {
    int to = from;
    int start = at;
    atLineStart = false;
    int most = atEnd ? end : end - LONGEST_CHARACTER;
    while (to < last - 1 && at < most) {
      byte one = bytes[at];
      int onLine = line;
      int inColumn = column;
      if ((one >= ' ' && one < 0x7F) || one == '\t') {
        out[to++] = (char) one;
        at++;
        column++;
      } else if (one == '\n' || one == '\r') {
        out[to++] = (char) one;
        at++;
        countBreak(one);
      } else {
        to += Character.toChars(decode(), out, to);
        column++;
      }
      if (!json.decided() && json.endsWith(one)) {
        documentOver = true;
        break;
      }
      if (json.mistake() != null) {
        throw new TextError(onLine, inColumn, json.mistake());
      }
      if (atLineStart) {
        break;
      }
    }
    spent += at - start;
    return to;
  }

  private void countBreak(byte one) {
    if (one == '\n' || at >= end || bytes[at] != '\n') {
      line++;
      column = 1;
      atLineStart = true;
    }
  }

  private int decode() {
    int first = bytes[at] & 0xFF;
    int more = first < 0xC2 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : first < 0xF5 ? 3 : 0;
    if ((first >= 0x80 && more == 0) || at + more >= end) {
      throw new TextError(line, column, "invalid UTF-8: byte " + hex(first, 2));
    }
    int code = more == 0 ? first : first & 0x3F >> more;
    for (int i = 1; i <= more; i++) {
      if ((bytes[at + i] & 0xC0) != 0x80) {
        throw new TextError(line, column, "invalid UTF-8: byte " + hex(first, 2));
      }
      code = code << 6 | (bytes[at + i] & 0x3F);
    }
    boolean overlong = (more == 2 && code < 0x800) || (more == 3 && code < 0x10000);
    if (overlong || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) {
      throw new TextError(line, column, "invalid UTF-8: byte " + hex(first, 2));
    }
    if ((code < 0xA0 && code != 0x85) || code == 0xFFFE || code == 0xFFFF) {
      throw new TextError(line, column, "control characters are not allowed: " + hex(code, 4));
    }
    at += more + 1;
    return code;
  }

  private static String hex(int value, int digits) {
    String text = Integer.toHexString(value).toUpperCase(java.util.Locale.ROOT);
    return "0x" + "0".repeat(Math.max(0, digits - text.length())) + text;
  }

  /// Whether a line `---` starts here; if so it is behind us and the document is over. What follows
  /// `---` on its line must be blank or a comment, else the line belongs to the parser.
  private boolean separatorHere() {
    if (!atLineStart || end == at) {
      return false;
    }
    if (bytes[at] == '%') {
      afterDirective = true;
    }
    if (end - at < 3 || bytes[at] != '-' || bytes[at + 1] != '-' || bytes[at + 2] != '-') {
      return false;
    }
    int look = at + 3;
    int most = Math.min(end, at + LOOK_AHEAD);
    while (look < most && (bytes[look] == ' ' || bytes[look] == '\t')) {
      look++;
    }
    boolean blank = look == end && atEnd;
    boolean comment = look < most && bytes[look] == '#' && look > at + 3;
    boolean lineEnd = look < most && (bytes[look] == '\n' || bytes[look] == '\r');
    if (!blank && !comment && !lineEnd) {
      return false;
    }
    if (afterDirective) {
      afterDirective = false;
      return false;
    }
    int before = line;
    while (line == before && fill(LOOK_AHEAD)) {
      skipByte();
    }
    documentOver = true;
    return true;
  }

  /// To the start of the next line, or as far as the buffer reaches.
  private void skipLine() {
    int most = atEnd ? end : end - 1;
    atLineStart = false;
    while (at < most && !atLineStart) {
      byte one = bytes[at++];
      if (one == '\n' || one == '\r') {
        countBreak(one);
      }
    }
  }

  private void skipByte() {
    byte one = bytes[at++];
    atLineStart = false;
    if (one == '\n' || one == '\r') {
      countBreak(one);
    }
  }

  private void skipByteOrderMark() {
    if (end - at >= 3 && bytes[at] == (byte) 0xEF && bytes[at + 1] == (byte) 0xBB) {
      at += bytes[at + 2] == (byte) 0xBF ? 3 : 0;
    }
  }

  /// Brings at least `wanted` bytes into the buffer, or all that are left; false if none are.
  private boolean fill(int wanted) {
    if (end - at >= wanted || atEnd) {
      return end > at;
    }
    System.arraycopy(bytes, at, bytes, 0, end - at);
    end -= at;
    at = 0;
    try {
      while (end < bytes.length && end < wanted && !atEnd) {
        int count = in.read(bytes, end, bytes.length - end);
        atEnd = count < 0;
        end += Math.max(0, count);
      }
    } catch (IOException broken) {
      atEnd = true;
      end = 0;
      throw new TextError(line, column, "cannot be read: " + broken.getMessage());
    }
    return end > at;
  }

  @Override
  public void close() {}
}
