package dev.ringfence.nftables.netlink;

import dev.ringfence.nftables.linux.Errno;
import dev.ringfence.nftables.linux.SystemCallException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/// This kernel, but for what it is told to refuse as another kernel would, or to lose on the way.
public final class OtherKernel implements NetlinkChannel {
  private static final int ACK_LENGTH = 36;

  private final NetlinkChannel kernel = KernelChannel.netfilter();
  private final Rule rule;
  private final Deque<byte[]> answers = new ArrayDeque<>();
  private int refusals;
  private int losses;
  private int full;
  private int sendings;

  /// What another kernel says of a request.
  public interface Rule {
    /// The error number of the refusal, or 0.
    int errno(Request request);
  }

  /// One message of a batch.
  public static final class Request {
    private final int type;
    private final int sequence;
    private final byte[] whole;

    private Request(int type, int sequence, byte[] whole) {
      this.type = type;
      this.sequence = sequence;
      this.whole = whole;
    }

    public boolean adds(String kind) {
      return type
          == switch (kind) {
            case "table" -> Nft.SUBSYSTEM << 8 | Nft.NEW_TABLE;
            case "chain" -> Nft.SUBSYSTEM << 8 | Nft.NEW_CHAIN;
            case "element" -> Nft.SUBSYSTEM << 8 | Nft.NEW_ELEMENT;
            default -> throw new IllegalArgumentException(kind);
          };
    }

    public int tableFlags() {
      return attributes().u32(Nft.TABLE_FLAGS, 0);
    }

    /// Of a base chain; 0 for others.
    public int hook() {
      return attributes().nested(Nft.CHAIN_HOOK).u32(Nft.HOOK_NUMBER, 0);
    }

    /// Whether the message holds these bytes anywhere.
    public boolean holds(Bytes part) {
      for (int at = 0; at + part.length() <= whole.length; at++) {
        if (Arrays.equals(whole, at, at + part.length(), part.toArray(), 0, part.length())) {
          return true;
        }
      }
      return false;
    }

    private Attributes attributes() {
      return Attributes.parse(whole, MessageWriter.HEADER + 4, whole.length);
    }
  }

  public OtherKernel(Rule rule) {
    this.rule = rule;
  }

  /// Loses all answers to the next so many sendings, as a full receive buffer does.
  public void lose(int sendings) {
    losses = sendings;
  }

  /// Has no room for the next so many sendings.
  public void fill(int sendings) {
    full = sendings;
  }

  /// How often anything was sent.
  public int sendings() {
    return sendings;
  }

  /// How often something was refused that this kernel would have taken.
  public int refusals() {
    return refusals;
  }

  @Override
  public void send(byte[] bytes, int length) {
    sendings++;
    if (full > 0) {
      full--;
      throw new SystemCallException("send", Errno.ENOBUFS, "no room for a test");
    }
    ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    for (int at = 0; at < length; at += (view.getInt(at) + 3) & ~3) {
      Request request =
          new Request(
              view.getShort(at + 4) & 0xFFFF,
              view.getInt(at + 8),
              Arrays.copyOfRange(bytes, at, at + view.getInt(at)));
      int errno = rule.errno(request);
      if (errno != 0) {
        refusals++;
        answers.add(refusal(request, errno));
        return;
      }
    }
    kernel.send(bytes, length);
  }

  private static byte[] refusal(Request request, int errno) {
    return ByteBuffer.allocate(ACK_LENGTH)
        .order(ByteOrder.nativeOrder())
        .putInt(ACK_LENGTH)
        .putShort((short) NetlinkMessage.ERROR)
        .putShort((short) 0)
        .putInt(request.sequence)
        .putInt(0)
        .putInt(-errno)
        .put(request.whole, 0, MessageWriter.HEADER)
        .array();
  }

  @Override
  public byte[] receive() {
    if (losses > 0) {
      losses--;
      while (kernel.receiveWaiting().isPresent()) {}
      throw new SystemCallException("recv", Errno.ENOBUFS, "lost for a test");
    }
    return answers.isEmpty() ? kernel.receive() : answers.remove();
  }

  @Override
  public Optional<byte[]> receiveWaiting() {
    return answers.isEmpty() ? kernel.receiveWaiting() : Optional.of(answers.remove());
  }

  @Override
  public void close() {
    kernel.close();
  }
}
