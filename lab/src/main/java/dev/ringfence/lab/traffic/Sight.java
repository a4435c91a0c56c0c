package dev.ringfence.lab.traffic;

import java.util.function.Consumer;

/// What comes into one namespace: packets wait in the kernel until they are read here.
sealed interface Sight extends AutoCloseable permits Capture, Delivered {
  /// Hands over every packet that is waiting.
  void drain(Consumer<Packet> to);

  /// How many packets the kernel could not keep for us since this was last asked.
  long lost();

  /// Forgets what is waiting and what was lost before.
  default void discard() {
    drain(packet -> {});
    var _ = lost();
  }

  @Override
  void close();
}
