package dev.ringfence.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringfence.e2e.wire.Ear;
import dev.ringfence.e2e.wire.Mark;
import dev.ringfence.e2e.wire.Space;

/// Sends a packet and says whether it must arrive.
final class Traffic {
  private Traffic() {}

  /// Makes a packet that carries this payload.
  interface Packet {
    byte[] with(byte[] payload);
  }

  /// Sends what carries this payload.
  interface Sending {
    void send(byte[] payload) throws Exception;
  }

  static void passes(String what, Space from, Ear at, Packet packet) throws Exception {
    passes(what, at, payload -> from.send(packet.with(payload)));
  }

  static void dropped(String what, Space from, Ear at, Packet packet) throws Exception {
    dropped(what, at, payload -> from.send(packet.with(payload)));
  }

  static void passes(String what, Ear at, Sending sending) throws Exception {
    int mark = Mark.next();
    sending.send(Mark.bytes(mark));
    assertTrue(at.hears(mark), () -> what + " must pass");
  }

  static void dropped(String what, Ear at, Sending sending) throws Exception {
    int mark = Mark.next();
    sending.send(Mark.bytes(mark));
    assertTrue(at.hearsNothingOf(mark), () -> what + " must not pass");
  }
}
