package dev.ringfence.nftables.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// One received message: its header, and where the rest lies in the datagram.
public final class NetlinkMessage {
  static final int ERROR = 2;
  static final int DONE = 3;
  private static final int REPLACE = 0x100;

  private final ByteBuffer view;
  private final byte[] bytes;
  private final int from;
  private final int to;

  private NetlinkMessage(byte[] bytes, ByteBuffer view, int from, int to) {
    this.bytes = bytes;
    this.view = view;
    this.from = from;
    this.to = to;
  }

  /// The messages of one datagram.
  public static List<NetlinkMessage> parse(byte[] datagram) {
    List<NetlinkMessage> out = new ArrayList<>(1);
    ByteBuffer view = ByteBuffer.wrap(datagram).order(ByteOrder.nativeOrder());
    int at = 0;
    while (at + MessageWriter.HEADER <= datagram.length) {
      int length = view.getInt(at);
      if (length < MessageWriter.HEADER || length > datagram.length - at) {
        throw new IllegalArgumentException("netlink message of " + length + " bytes at " + at);
      }
      out.add(new NetlinkMessage(datagram, view, at, at + length));
      at += (length + 3) & ~3;
    }
    return out;
  }

  public int type() {
    return view.getShort(from + 4) & 0xFFFF;
  }

  /// Whether what it tells of took the place of something else.
  public boolean replaces() {
    return (flags() & REPLACE) != 0;
  }

  int flags() {
    return view.getShort(from + 6) & 0xFFFF;
  }

  int sequence() {
    return view.getInt(from + 8);
  }

  int length() {
    return to - from;
  }

  /// A byte of the fixed part after the header.
  public int byteAt(int offset) {
    return bytes[from + MessageWriter.HEADER + offset] & 0xFF;
  }

  /// A native-order number of the fixed part after the header.
  public int intAt(int offset) {
    return view.getInt(from + MessageWriter.HEADER + offset);
  }

  /// A native-order number of the fixed part after the header.
  public int shortAt(int offset) {
    return view.getShort(from + MessageWriter.HEADER + offset) & 0xFFFF;
  }

  /// The attributes after a fixed part of this many bytes.
  public Attributes attributes(int fixed) {
    return Attributes.parse(
        bytes, Math.min(to, from + MessageWriter.HEADER + ((fixed + 3) & ~3)), to);
  }
}
