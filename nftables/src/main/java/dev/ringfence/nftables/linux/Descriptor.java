package dev.ringfence.nftables.linux;

import java.util.concurrent.atomic.AtomicBoolean;

/// An open file descriptor that we own; closed once, however often [#close] is called.
public final class Descriptor implements AutoCloseable {
  private final int number;
  private final AtomicBoolean closed = new AtomicBoolean();

  Descriptor(int number) {
    this.number = number;
  }

  /// The number, for a system call.
  ///
  /// @throws IllegalStateException once closed: the number may belong to another file by then
  int number() {
    if (closed.get()) {
      throw new IllegalStateException("file descriptor " + number + " is closed");
    }
    return number;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      Libc.close(number);
    }
  }

  @Override
  public String toString() {
    return "fd " + number;
  }
}
