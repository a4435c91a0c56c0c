package dev.ringfence.lab.api;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// A protobuf message while it is written; what is empty is left out.
///
/// <https://protobuf.dev/programming-guides/encoding/>
final class ProtobufMessage {
  private static final int BYTES = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  ProtobufMessage text(int field, String value) {
    return value.isEmpty() ? this : bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /// A message that is there, even if nothing is in it.
  ProtobufMessage message(int field, ProtobufMessage value) {
    return bytes(field, value.bytes());
  }

  private ProtobufMessage bytes(int field, byte[] value) {
    varint((field << 3) | BYTES);
    varint(value.length);
    out.writeBytes(value);
    return this;
  }

  private void varint(int value) {
    int rest = value;
    while (rest > 0x7f) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
