package dev.ringfence.nftables.netlink;

import dev.ringfence.core.model.Address;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/// An immutable run of bytes that compares by value: a set key, a mask, what a register is compared
/// with.
public final class Bytes implements Comparable<Bytes> {
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] bytes;

  private Bytes(byte[] bytes) {
    this.bytes = bytes;
  }

  public static Bytes copyOf(byte[] bytes) {
    return new Bytes(bytes.clone());
  }

  static Bytes copyOf(byte[] bytes, int from, int to) {
    return new Bytes(Arrays.copyOfRange(bytes, from, to));
  }

  /// In network order, 4 or 16 bytes.
  public static Bytes of(Address address) {
    return new Bytes(address.bytes());
  }

  /// One byte each, 0 to 255.
  public static Bytes of(int... values) {
    byte[] out = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      out[i] = (byte) values[i];
    }
    return new Bytes(out);
  }

  /// Two bytes in network order, such as a port.
  public static Bytes ofShort(int value) {
    return of(value >>> 8, value);
  }

  /// Two bytes in this machine's order, such as a link type.
  public static Bytes ofNativeShort(int value) {
    byte[] out = new byte[Short.BYTES];
    ByteBuffer.wrap(out).order(ByteOrder.nativeOrder()).putShort((short) value);
    return new Bytes(out);
  }

  /// Four bytes in this machine's order, such as a mark or a ct state.
  public static Bytes ofNativeInt(int value) {
    boolean big = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;
    int ordered = big ? value : Integer.reverseBytes(value);
    return of(ordered >>> 24, ordered >>> 16, ordered >>> 8, ordered);
  }

  /// Zero-padded text, such as an interface name of 16 bytes.
  public static Bytes ofText(String text, int length) {
    return new Bytes(Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), length));
  }

  public int length() {
    return bytes.length;
  }

  /// One byte, 0 to 255.
  public int at(int index) {
    return bytes[index] & 0xFF;
  }

  /// A native-order number of 4 bytes.
  public int nativeInt() {
    int number = at(0) << 24 | at(1) << 16 | at(2) << 8 | at(3);
    return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? number : Integer.reverseBytes(number);
  }

  public byte[] toArray() {
    return bytes.clone();
  }

  /// This run and then the other.
  public Bytes then(Bytes next) {
    byte[] out = Arrays.copyOf(bytes, bytes.length + next.bytes.length);
    System.arraycopy(next.bytes, 0, out, bytes.length, next.bytes.length);
    return new Bytes(out);
  }

  /// This run with zeros after it, to so many bytes.
  public Bytes padded(int length) {
    return length <= bytes.length ? this : new Bytes(Arrays.copyOf(bytes, length));
  }

  /// Every bit the other way.
  public Bytes inverted() {
    byte[] out = bytes.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) ~out[i];
    }
    return new Bytes(out);
  }

  /// The bytes from one index to before another.
  public Bytes slice(int from, int to) {
    return copyOf(bytes, from, to);
  }

  /// The big-endian number one above, or [#EMPTY] after the last of this length.
  public Bytes next() {
    byte[] out = bytes.clone();
    for (int i = out.length - 1; i >= 0; i--) {
      out[i]++;
      if (out[i] != 0) {
        return new Bytes(out);
      }
    }
    return EMPTY;
  }

  /// The big-endian number one below.
  public Bytes previous() {
    byte[] out = bytes.clone();
    for (int i = out.length - 1; i >= 0; i--) {
      out[i]--;
      if (out[i] != -1) {
        break;
      }
    }
    return new Bytes(out);
  }

  void writeTo(byte[] target, int at) {
    System.arraycopy(bytes, 0, target, at, bytes.length);
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /// `0x0a000001`.
  @Override
  public String toString() {
    return "0x" + HexFormat.of().formatHex(bytes);
  }
}
