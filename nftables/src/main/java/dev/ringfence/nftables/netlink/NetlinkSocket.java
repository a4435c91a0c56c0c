package dev.ringfence.nftables.netlink;

import dev.ringfence.nftables.linux.Errno;
import dev.ringfence.nftables.linux.SystemCallException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntPredicate;
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

  private final NetlinkChannel channel;
  private final MessageWriter request = new MessageWriter();
  private int sequence = 1;

  /// Whether answers of an earlier request may still be waiting.
  private boolean unread;

  private NetlinkSocket(NetlinkChannel channel) {
    this.channel = channel;
  }

  /// For nf_tables.
  public static NetlinkSocket netfilter() {
    return over(KernelChannel.netfilter());
  }

  /// For routes, links and neighbours.
  public static NetlinkSocket route() {
    return over(KernelChannel.route());
  }

  /// Over any other way to a kernel.
  public static NetlinkSocket over(NetlinkChannel channel) {
    return new NetlinkSocket(channel);
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
    unread = true;
    send(message.buffer(), message.size());
    Acknowledged acknowledged = new Acknowledged();
    boolean lost = false;
    while (!acknowledged.last(sequence - 2) && !lost) {
      lost = !receive(acknowledged);
    }
    lost |= !receiveWaiting(acknowledged);
    unread = lost;
    if (acknowledged.refusal != null) {
      throw batch.written().refused(acknowledged.refusal, first);
    }
    if (lost) {
      throw new KernelRefused(
          Errno.ENOBUFS, "transaction with an unknown outcome", Optional.empty());
    }
  }

  /// Which request of a refused batch, or which element, it is that the kernel refuses, where it
  /// did not say: the last of the shortest beginning that it refuses. Asking changes nothing.
  ///
  /// @return empty if it refuses none of them for themselves, or if that cannot be found out
  public Optional<KernelRefused> find(Batch batch) {
    try {
      return search(batch);
    } catch (KernelRefused silent) {
      return Optional.empty();
    }
  }

  private Optional<KernelRefused> search(Batch batch) {
    int all = batch.written().requests();
    if (rehearse(batch, all, Integer.MAX_VALUE) == 0) {
      return Optional.empty();
    }
    int request = shortest(all, count -> rehearse(batch, count, Integer.MAX_VALUE) != 0);
    int errno = rehearse(batch, request, Integer.MAX_VALUE);
    int elements = batch.written().elements(request - 1);
    int element =
        elements == 0 ? 0 : shortest(elements, count -> rehearse(batch, request, count) != 0);
    return Optional.of(batch.written().refusedAt(request - 1, element - 1, errno));
  }

  /// Whether the kernel would take this batch; nothing is changed.
  ///
  /// @throws KernelRefused if its answer was lost
  public boolean wouldTake(Batch batch) {
    return rehearse(batch, batch.written().requests(), Integer.MAX_VALUE) == 0;
  }

  /// The least of 1 to `most` for which it holds, knowing that it holds for `most`.
  private static int shortest(int most, IntPredicate holds) {
    int below = 0;
    int at = most;
    while (at - below > 1) {
      int middle = (below + at) >>> 1;
      if (holds.test(middle)) {
        at = middle;
      } else {
        below = middle;
      }
    }
    return at;
  }

  /// The error number with which the kernel refuses this beginning of a batch, or 0.
  ///
  /// @throws KernelRefused if its answer was lost, or it has no memory for the question
  private int rehearse(Batch batch, int requests, int elements) {
    discardWaiting();
    byte[] bytes = batch.written().rehearsal(requests, elements, sequence);
    sequence += requests;
    unread = true;
    send(bytes, bytes.length);
    Acknowledged acknowledged = new Acknowledged();
    boolean whole = true;
    while (!acknowledged.last(sequence - 1) && whole) {
      whole = receive(acknowledged);
    }
    receiveWaiting(acknowledged);
    if (acknowledged.refusal == null && !whole) {
      throw new KernelRefused(Errno.ENOBUFS, "try a transaction", Optional.empty());
    }
    return acknowledged.refusal == null ? 0 : acknowledged.refusal.errno();
  }

  /// What the system has no memory to take in was not done; it is as good as refused.
  private void send(byte[] bytes, int length) {
    try {
      channel.send(bytes, length);
    } catch (SystemCallException refused) {
      throw new KernelRefused(refused.errno(), "send a transaction", Optional.empty());
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

  /// Whether nothing changed in between, and nothing was lost on the way.
  private boolean dumpOnce(
      String what, Consumer<MessageWriter> request, Consumer<NetlinkMessage> reader) {
    try {
      return collect(what, ask(request, REQUEST | DUMP), reader);
    } catch (SystemCallException refused) {
      return unlessOverrun(refused);
    }
  }

  private boolean collect(String what, int number, Consumer<NetlinkMessage> reader) {
    boolean consistent = true;
    while (true) {
      for (NetlinkMessage message : NetlinkMessage.parse(channel.receive())) {
        if (message.sequence() != number) {
          continue;
        }
        consistent &= (message.flags() & DUMP_INTERRUPTED) == 0;
        if (message.type() == NetlinkMessage.DONE) {
          unread = false;
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
    for (int attempt = 1; ; attempt++) {
      try {
        return getOnce(what, request, reader);
      } catch (SystemCallException refused) {
        if (refused.errno() != Errno.ENOBUFS || attempt == ATTEMPTS) {
          throw refused;
        }
      }
    }
  }

  /// Asks for something to be done, outside transactions, and waits until it is.
  ///
  /// @throws KernelRefused if it was not
  public void tell(String what, Consumer<MessageWriter> request) {
    var _ =
        get(
            what,
            out -> {
              request.accept(out);
              out.flag(0, Nft.ACK);
            },
            NetlinkMessage::type);
  }

  private <T> T getOnce(
      String what, Consumer<MessageWriter> request, Function<NetlinkMessage, T> reader) {
    int number = ask(request, REQUEST);
    while (true) {
      for (NetlinkMessage message : NetlinkMessage.parse(channel.receive())) {
        if (message.sequence() == number) {
          unread = false;
          if (message.type() == NetlinkMessage.ERROR) {
            Refusal.of(message).ifPresent(refusal -> refuse(what, refusal));
          }
          return reader.apply(message);
        }
      }
    }
  }

  private int ask(Consumer<MessageWriter> question, int flags) {
    discardWaiting();
    request.clear();
    question.accept(request);
    request.flag(0, flags);
    int number = sequence++;
    request.sequence(0, number);
    unread = true; // a dump that is given up half-way leaves answers behind
    channel.send(request.buffer(), request.size());
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
  private boolean receive(Acknowledged into) {
    try {
      NetlinkMessage.parse(channel.receive()).forEach(into::read);
      return true;
    } catch (SystemCallException refused) {
      return unlessOverrun(refused);
    }
  }

  /// The kernel answers before `send` returns, so the rest is there already.
  private boolean receiveWaiting(Acknowledged into) {
    boolean whole = true;
    while (true) {
      try {
        Optional<byte[]> more = channel.receiveWaiting();
        if (more.isEmpty()) {
          return whole;
        }
        NetlinkMessage.parse(more.get()).forEach(into::read);
      } catch (SystemCallException refused) {
        whole = unlessOverrun(refused);
      }
    }
  }

  private static boolean unlessOverrun(SystemCallException refused) {
    if (refused.errno() != Errno.ENOBUFS) {
      throw refused;
    }
    return false;
  }

  /// Answers to a request that failed half-way must not be taken for those of the next.
  private void discardWaiting() {
    if (unread) {
      receiveWaiting(new Acknowledged());
      unread = false;
    }
  }

  @Override
  public void close() {
    channel.close();
  }
}
