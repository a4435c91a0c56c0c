package dev.ringfence.nftables.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Builds netlink messages one after another in one growing buffer.
///
/// Headers are in the machine's order, numbers in attributes in network order, everything aligned
/// to 4 bytes.
public final class MessageWriter {
  static final int HEADER = 16;
  private static final int NESTED = 0x8000;
  private static final int SMALLEST = 512;
  private static final int KEPT = 1 << 18;

  private byte[] bytes;
  private ByteBuffer view;
  private int size;

  MessageWriter() {
    bytes = new byte[SMALLEST];
    view = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }

  /// Forgets what was written; the room for it stays, unless it was for something rare.
  void clear() {
    if (bytes.length > KEPT) {
      bytes = new byte[SMALLEST];
      view = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    } else {
      Arrays.fill(bytes, 0, size, (byte) 0);
    }
    size = 0;
  }

  /// Starts a message; answers where, for [#endMessage].
  public int beginMessage(int type, int flags) {
    int at = grow(HEADER);
    view.putShort(at + 4, (short) type);
    view.putShort(at + 6, (short) flags);
    return at;
  }

  public void endMessage(int at) {
    view.putInt(at, size - at);
  }

  /// Adds flags to a message already written.
  void flag(int at, int flags) {
    view.putShort(at + 6, (short) (view.getShort(at + 6) | flags));
  }

  void sequence(int at, int sequence) {
    view.putInt(at + 8, sequence);
  }

  /// The fixed part that follows the header of every nfnetlink message.
  ///
  /// @param resource in network order: the subsystem for batch messages, else 0
  public void netfilterHeader(int family, int resource) {
    int at = grow(4);
    bytes[at] = (byte) family;
    bytes[at + 2] = (byte) (resource >>> 8);
    bytes[at + 3] = (byte) resource;
  }

  /// Zeroes, for fixed parts of other protocols.
  public int zeroes(int count) {
    return grow(count);
  }

  public void putByte(int at, int value) {
    bytes[at] = (byte) value;
  }

  int beginNested(int type) {
    return header(type | NESTED, 0);
  }

  void endNested(int at) {
    view.putShort(at, (short) (size - at));
  }

  /// Bytes since `at`: a nested attribute may not exceed 65,535.
  int since(int at) {
    return size - at;
  }

  public void u8(int type, int value) {
    int at = header(type, 1) + 4; // first: it may replace the buffer
    bytes[at] = (byte) value;
  }

  public void u16(int type, int value) {
    int at = header(type, 2) + 4;
    bytes[at] = (byte) (value >>> 8);
    bytes[at + 1] = (byte) value;
  }

  public void u32(int type, int value) {
    networkInt(header(type, 4) + 4, value);
  }

  public void u64(int type, long value) {
    int at = header(type, 8) + 4;
    networkInt(at, (int) (value >>> 32));
    networkInt(at + 4, (int) value);
  }

  /// Text with the final zero that the kernel wants.
  public void text(int type, String value) {
    if (!isAscii(value)) {
      value(type, Bytes.copyOf((value + "\0").getBytes(StandardCharsets.UTF_8)));
      return;
    }
    int at = header(type, value.length() + 1) + 4;
    for (int i = 0; i < value.length(); i++) {
      bytes[at + i] = (byte) value.charAt(i);
    }
  }

  private static boolean isAscii(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  /// What was inside a nested attribute that was received, as it was.
  public void nested(int type, Bytes inside) {
    value(type | NESTED, inside);
  }

  public void value(int type, Bytes value) {
    int at = header(type, value.length()) + 4;
    value.writeTo(bytes, at);
  }

  public int size() {
    return size;
  }

  /// The buffer itself, valid up to [#size] and until the next write.
  byte[] buffer() {
    return bytes;
  }

  private void networkInt(int at, int value) {
    bytes[at] = (byte) (value >>> 24);
    bytes[at + 1] = (byte) (value >>> 16);
    bytes[at + 2] = (byte) (value >>> 8);
    bytes[at + 3] = (byte) value;
  }

  private int header(int type, int length) {
    int at = grow(4 + length);
    view.putShort(at, (short) (4 + length));
    view.putShort(at + 2, (short) type);
    return at;
  }

  private int grow(int count) {
    int at = size;
    size += (count + 3) & ~3;
    if (size > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size, bytes.length * 2));
      view = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }
    return at;
  }
}
