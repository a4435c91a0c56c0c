package dev.ringfence.nftables.netlink;

import dev.ringfence.nftables.linux.Libc;
import java.io.Serial;
import java.util.Optional;

/// The kernel refused a request; of a transaction nothing was done.
public final class KernelRefused extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final int errno;
  private final String request;
  private final String kernelText;

  /// @param errno positive
  /// @param request what was asked, down to the element: `add element 10.0.0.1 to set …`
  /// @param kernelText the kernel's own words, empty where it has none
  public KernelRefused(int errno, String request, Optional<String> kernelText) {
    super(
        request
            + ": "
            + Libc.errorText(errno)
            + kernelText.map(text -> ": " + text).orElse("")
            + " (errno "
            + errno
            + ")");
    this.errno = errno;
    this.request = request;
    this.kernelText = kernelText.orElse("");
  }

  public int errno() {
    return errno;
  }

  public String request() {
    return request;
  }

  /// The kernel's own words, empty where it has none.
  public String kernelText() {
    return kernelText;
  }
}
