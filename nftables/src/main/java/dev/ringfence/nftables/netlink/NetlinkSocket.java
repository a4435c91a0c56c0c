package dev.ringfence.nftables.netlink;

import dev.ringfence.nftables.linux.Descriptor;
import dev.ringfence.nftables.linux.Errno;
import dev.ringfence.nftables.linux.Libc;
import dev.ringfence.nftables.linux.Linux;
import dev.ringfence.nftables.linux.ReceiveBuffer;
import dev.ringfence.nftables.linux.SockAddr;
import dev.ringfence.nftables.linux.SystemCallException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A netlink socket to the kernel of the network namespace it was opened in; keep it.
///
/// Closing one after a delete waits for a grace period of 16 to 28 ms. Used by one thread at a
/// time; any thread may use it, wherever that thread is by then.
public final class NetlinkSocket implements AutoCloseable {
  private static final int DUMP = 0x300;
  private static final int REQUEST = 1;
  private static final int DUMP_INTERRUPTED = 0x10;
  private static final int ATTEMPTS = 50;

  /// The kernel fills datagrams of a dump up to 32 KiB; one ack is far shorter.
  private static final int LONGEST_DATAGRAM = 1 << 18;

  private final Descriptor socket;
  private final ReceiveBuffer buffer = new ReceiveBuffer(LONGEST_DATAGRAM);
  private int sequence = 1;
  private int sendBuffer;

  private NetlinkSocket(Descriptor socket) {
    this.socket = socket;
  }

  /// For nf_tables.
  public static NetlinkSocket netfilter() {
    return open(Linux.NETLINK_NETFILTER);
  }

  /// For routes, links and neighbours.
  public static NetlinkSocket route() {
    NetlinkSocket out = open(Linux.NETLINK_ROUTE);
    Libc.setOption(out.socket, Linux.SOL_NETLINK, Linux.NETLINK_GET_STRICT_CHK, 1);
    return out;
  }

  private static NetlinkSocket open(int protocol) {
    Descriptor socket = Libc.socket(Linux.AF_NETLINK, Linux.SOCK_RAW, protocol);
    try {
      Libc.setOption(socket, Linux.SOL_NETLINK, Linux.NETLINK_EXT_ACK, 1);
      Libc.setOption(socket, Linux.SOL_NETLINK, Linux.NETLINK_CAP_ACK, 1);
      Libc.bind(socket, SockAddr.netlink(0));
      NetlinkSocket out = new NetlinkSocket(socket);
      out.force(Linux.SO_RCVBUFFORCE, Linux.SO_RCVBUF, 1 << 22);
      return out;
    } catch (SystemCallException refused) {
      socket.close();
      throw refused;
    }
  }

  /// Sends a batch as one transaction: the kernel does all of it or nothing.
  ///
  /// @throws KernelRefused with the first message that was refused, and its element
  public void transact(Batch batch) {
    if (batch.isEmpty()) {
      return;
    }
    discardWaiting();
    int first = sequence;
    MessageWriter message = batch.finish(first);
    sequence += batch.messages();
    reserve(message.size());
    Libc.send(socket, message.buffer(), message.size(), 0);
    Acknowledged acknowledged = new Acknowledged();
    boolean lost = false;
    while (!acknowledged.last(sequence - 2) && !lost) {
      lost = !receive(acknowledged, 0);
    }
    lost |= !receiveWaiting(acknowledged);
    if (acknowledged.refusal != null) {
      throw batch.refused(acknowledged.refusal, first);
    }
    if (lost) {
      throw new KernelRefused(
          Errno.ENOBUFS, "transaction with an unknown outcome", Optional.empty());
    }
  }

  /// Asks for a list and collects it, again from the start if it changed in between.
  ///
  /// @param request writes one message; flags for a dump are added
  /// @param reader adds what one message of the answer says
  /// @throws KernelRefused if there is nothing to list, such as elements of a missing set
  public <T> List<T> dump(
      String what, Consumer<MessageWriter> request, BiConsumer<NetlinkMessage, List<T>> reader) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      List<T> out = new ArrayList<>();
      if (dumpOnce(what, request, message -> reader.accept(message, out))) {
        return out;
      }
    }
    throw new KernelRefused(Errno.EINTR, what + ", changing all the time", Optional.empty());
  }

  /// Whether nothing changed in between.
  private boolean dumpOnce(
      String what, Consumer<MessageWriter> request, Consumer<NetlinkMessage> reader) {
    int number = ask(request, REQUEST | DUMP);
    boolean consistent = true;
    while (true) {
      for (NetlinkMessage message : NetlinkMessage.parse(buffer.receive(socket, 0))) {
        if (message.sequence() != number) {
          continue;
        }
        consistent &= (message.flags() & DUMP_INTERRUPTED) == 0;
        if (message.type() == NetlinkMessage.DONE) {
          Refusal.of(message).ifPresent(refusal -> refuse(what, refusal));
          return consistent;
        }
        if (message.type() == NetlinkMessage.ERROR) {
          Refusal.of(message).ifPresent(refusal -> refuse(what, refusal));
        } else {
          reader.accept(message);
        }
      }
    }
  }

  /// Asks for one object.
  ///
  /// @throws KernelRefused if there is none
  <T> T get(String what, Consumer<MessageWriter> request, Function<NetlinkMessage, T> reader) {
    int number = ask(request, REQUEST);
    while (true) {
      for (NetlinkMessage message : NetlinkMessage.parse(buffer.receive(socket, 0))) {
        if (message.sequence() == number) {
          if (message.type() == NetlinkMessage.ERROR) {
            Refusal.of(message).ifPresent(refusal -> refuse(what, refusal));
          }
          return reader.apply(message);
        }
      }
    }
  }

  private int ask(Consumer<MessageWriter> request, int flags) {
    discardWaiting();
    MessageWriter message = new MessageWriter();
    request.accept(message);
    message.flag(0, flags);
    int number = sequence++;
    message.sequence(0, number);
    Libc.send(socket, message.buffer(), message.size(), 0);
    return number;
  }

  private static void refuse(String what, Refusal refusal) {
    throw new KernelRefused(refusal.errno(), what, refusal.text());
  }

  /// What came back of one transaction so far.
  private static final class Acknowledged {
    private int latest;
    private @Nullable Refusal refusal;

    private boolean last(int sequence) {
      return refusal != null || latest == sequence;
    }

    private void read(NetlinkMessage message) {
      if (message.type() != NetlinkMessage.ERROR) {
        return;
      }
      latest = message.sequence();
      if (refusal == null) {
        refusal = Refusal.of(message).orElse(null);
      }
    }
  }

  /// False if the kernel says that answers were lost.
  private boolean receive(Acknowledged into, int flags) {
    try {
      NetlinkMessage.parse(buffer.receive(socket, flags)).forEach(into::read);
      return true;
    } catch (SystemCallException refused) {
      if (refused.errno() == Errno.ENOBUFS) {
        return false;
      }
      throw refused;
    }
  }

  /// The kernel answers before `send` returns, so the rest is there already.
  private boolean receiveWaiting(Acknowledged into) {
    try {
      while (receive(into, Linux.MSG_DONTWAIT)) {}
      return false;
    } catch (SystemCallException refused) {
      if (refused.errno() == Errno.EAGAIN) {
        return true;
      }
      throw refused;
    }
  }

  /// Answers to a request that failed half-way must not be taken for those of the next.
  private void discardWaiting() {
    receiveWaiting(new Acknowledged());
  }

  private void reserve(int bytes) {
    int wanted = Math.max(1 << 20, Integer.highestOneBit(bytes) * 4);
    if (wanted > sendBuffer) {
      force(Linux.SO_SNDBUFFORCE, Linux.SO_SNDBUF, wanted);
      sendBuffer = wanted;
    }
  }

  /// Beyond the system's limit where we may, up to it else.
  private void force(int forced, int plain, int bytes) {
    try {
      Libc.setOption(socket, Linux.SOL_SOCKET, forced, bytes);
    } catch (SystemCallException refused) {
      if (refused.errno() != Errno.EPERM) {
        throw refused;
      }
      Libc.setOption(socket, Linux.SOL_SOCKET, plain, bytes);
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
