package dev.ringfence.nftables.connections;

import dev.ringfence.nftables.linux.Errno;
import dev.ringfence.nftables.netlink.KernelRefused;
import dev.ringfence.nftables.netlink.NetlinkSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/// The connections whose mark has certain bits; over the netfilter socket of a network namespace.
public final class MarkedConnections {
  private static final int NEW = 1 << 8;
  private static final int GET = 1 << 8 | 1;
  private static final int ORIGINAL = 1;
  private static final int MARK = 8;
  private static final int ZONE = 18;
  private static final int MARK_MASK = 21;

  /// A pass over a large table may miss what moves; nothing is new once nobody sets the bits.
  private static final int PASSES = 5;

  /// How long to see whether somebody else sets the bits: a tool that does so on every connection
  /// of a busy node is noticed.
  private static final long LISTENING = Duration.ofMillis(250).toNanos();

  private final NetlinkSocket socket;
  private final int mark;

  /// @param mark bits that all have to be set
  public MarkedConnections(NetlinkSocket socket, int mark) {
    this.socket = socket;
    this.mark = mark;
  }

  /// Every one, of both families and all protocols. The kernel walks its whole table for it.
  public List<Connection> all() {
    return socket.dump(
        "list connections",
        out -> {
          int at = out.beginMessage(GET, 0);
          out.netfilterHeader(0, 0);
          out.u32(MARK, mark);
          out.u32(MARK_MASK, mark);
          out.endMessage(at);
        },
        (message, list) -> Connection.read(message).ifPresent(list::add));
  }

  /// Takes the bits off some, and leaves the others as they are.
  ///
  /// @return how many there were
  /// @throws KernelRefused if there are always more, so that somebody else sets the bits
  public int forget(Predicate<Connection> which) {
    int forgotten = 0;
    for (int pass = 0; pass < PASSES; pass++) {
      List<Connection> some = all().stream().filter(which).toList();
      if (some.isEmpty()) {
        return forgotten;
      }
      some.forEach(this::forget);
      forgotten += some.size();
    }
    throw setByOthers();
  }

  /// Takes the bits off all, where nobody is known to set them; where somebody is seen to mark
  /// connections, it leaves them alone.
  ///
  /// @throws KernelRefused if somebody does
  public void forgetAll() {
    List<Connection> before = all();
    LockSupport.parkNanos(LISTENING);
    if (!Set.copyOf(before).containsAll(all())) {
      throw setByOthers();
    }
    if (forget(_ -> true) > 0) {
      LockSupport.parkNanos(LISTENING);
      if (!all().isEmpty()) {
        throw setByOthers();
      }
    }
  }

  private KernelRefused setByOthers() {
    return new KernelRefused(
        Errno.EAGAIN,
        "take bits 0x%08x off the marks of connections".formatted(mark),
        Optional.of("somebody else sets them; choose others"));
  }

  /// One that has ended meanwhile is forgotten already.
  private void forget(Connection one) {
    try {
      socket.tell(
          "take the mark off a connection",
          out -> {
            int at = out.beginMessage(NEW, 0);
            out.netfilterHeader(one.key().family(), 0);
            out.nested(ORIGINAL, one.key().tuple());
            one.key().zone().ifPresent(zone -> out.value(ZONE, zone));
            out.u32(MARK, 0);
            out.u32(MARK_MASK, mark);
            out.endMessage(at);
          });
    } catch (KernelRefused refused) {
      if (refused.errno() != Errno.ENOENT) {
        throw refused;
      }
    }
  }
}
