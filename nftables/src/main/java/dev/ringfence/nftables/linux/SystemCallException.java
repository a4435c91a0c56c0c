package dev.ringfence.nftables.linux;

import java.io.Serial;

/// The kernel refused a system call.
public final class SystemCallException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final String call;
  private final int errno;

  public SystemCallException(String call, int errno, String text) {
    super(call + ": " + text + " (errno " + errno + ")");
    this.call = call;
    this.errno = errno;
  }

  /// The C function, such as `setns`.
  public String call() {
    return call;
  }

  /// Positive, one of [Errno] or another.
  public int errno() {
    return errno;
  }
}
