package dev.ringfence.nftables.netlink;

import dev.ringfence.nftables.linux.Libc;
import java.io.Serial;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The kernel refused a request; of a transaction nothing was done.
public final class KernelRefused extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final int errno;
  private final String request;
  private final String kernelText;
  private final transient @Nullable NftObject object;
  private final transient @Nullable Bytes key;
  private final transient List<String> origin;

  /// @param errno positive
  /// @param request what was asked, down to the element: `add element 10.0.0.1 to set …`
  /// @param kernelText the kernel's own words, empty where it has none
  public KernelRefused(int errno, String request, Optional<String> kernelText) {
    this(errno, request, kernelText, Optional.empty(), Optional.empty(), List.of());
  }

  /// As the other, with what was refused.
  KernelRefused(
      int errno,
      String request,
      Optional<String> kernelText,
      Optional<NftObject> object,
      Optional<Bytes> key,
      List<String> origin) {
    super(
        request
            + ": "
            + Libc.errorText(errno)
            + kernelText.map(text -> ": " + text).orElse("")
            + " (errno "
            + errno
            + ")"
            + (origin.isEmpty() ? "" : ", for " + String.join(", ", origin)));
    this.errno = errno;
    this.request = request;
    this.kernelText = kernelText.orElse("");
    this.object = object.orElse(null);
    this.key = key.orElse(null);
    this.origin = List.copyOf(origin);
  }

  public int errno() {
    return errno;
  }

  public String request() {
    return request;
  }

  /// The same, with who wanted it: policies and pods, for people.
  public KernelRefused wantedBy(List<String> whom) {
    return new KernelRefused(
        errno, request, Optional.of(kernelText).filter(t -> !t.isEmpty()), object(), key(), whom);
  }

  /// Who wanted what was refused, as far as that is known.
  public List<String> origin() {
    return origin;
  }

  /// Whether it says which request, and which of several elements, was refused.
  public boolean isExact() {
    return object != null && (key != null || !request.contains(" elements "));
  }

  /// What the refused request was about, as far as the kernel says so.
  public Optional<NftObject> object() {
    return Optional.ofNullable(object);
  }

  /// The refused element of that set or map, as far as the kernel says so.
  public Optional<Bytes> key() {
    return Optional.ofNullable(key);
  }

  /// The kernel's own words, empty where it has none.
  public String kernelText() {
    return kernelText;
  }
}
