package dev.ringfence.nftables.route;

import dev.ringfence.nftables.linux.Errno;
import dev.ringfence.nftables.linux.Linux;
import dev.ringfence.nftables.linux.SystemCallException;
import dev.ringfence.nftables.netlink.KernelChannel;
import dev.ringfence.nftables.netlink.NetlinkMessage;
import dev.ringfence.nftables.netlink.NetlinkSocket;
import java.util.Optional;

/// Keeps a look at links, routes and neighbours current by what the kernel tells of them, so that
/// nothing is listed again while nothing changes. Used by one thread at a time.
public final class RouteWatch implements AutoCloseable {
  private static final int LINKS = 0x1;
  private static final int NEIGHBOURS = 0x4;
  private static final int ROUTES_4 = 0x40;
  private static final int ROUTES_6 = 0x400;
  private static final int RECEIVE_BUFFER = 1 << 20;

  private static final int NEW_LINK = 16;
  private static final int DELETE_LINK = 17;
  private static final int NEW_ROUTE = 24;
  private static final int DELETE_ROUTE = 25;
  private static final int NEW_NEIGHBOUR = 28;
  private static final int DELETE_NEIGHBOUR = 29;

  private final NetlinkSocket questions;
  private final KernelChannel news;
  private PodWires wires;
  private boolean stale;
  private long looks = 1;

  private RouteWatch(NetlinkSocket questions, KernelChannel news) {
    this.questions = questions;
    this.news = news;
    this.wires = PodWires.look(questions); // after the news began, so that none is missed
  }

  /// Watches the network namespace of the calling thread.
  public static RouteWatch open() {
    return open(RECEIVE_BUFFER);
  }

  /// @param receiveBuffer bytes of news that may wait; what is more is lost, and looked up
  static RouteWatch open(int receiveBuffer) {
    NetlinkSocket questions = NetlinkSocket.route();
    try {
      return new RouteWatch(
          questions, KernelChannel.news(LINKS | NEIGHBOURS | ROUTES_4 | ROUTES_6, receiveBuffer));
    } catch (RuntimeException failed) {
      questions.close();
      throw failed;
    }
  }

  /// What is known now. [#hear] changes it, or puts another in its place: ask again after it.
  public PodWires wires() {
    return wires;
  }

  /// How often everything was listed: once, and again after each loss.
  public long looks() {
    return looks;
  }

  /// Takes in what the kernel told since the last time; answers whether any of it was news.
  public boolean hear() {
    boolean any = false;
    while (true) {
      try {
        Optional<byte[]> more = news.receiveWaiting();
        if (more.isEmpty()) {
          break;
        }
        for (NetlinkMessage message : NetlinkMessage.parse(more.get())) {
          any |= take(message);
        }
      } catch (SystemCallException refused) {
        if (refused.errno() != Errno.ENOBUFS) {
          throw refused;
        }
        stale = true; // some were lost
      }
    }
    if (stale) {
      wires = PodWires.look(questions);
      looks++;
      stale = false;
      return true;
    }
    return any;
  }

  private boolean take(NetlinkMessage message) {
    return switch (message.type()) {
      case NEW_LINK -> !ofBridge(message) && wires.add(Links.link(message));
      case DELETE_LINK -> !ofBridge(message) && wires.remove(Links.link(message));
      case NEW_ROUTE -> {
        // One that takes the place of another, of which nothing more is said.
        stale |= message.replaces();
        yield Routes.unicast(message).filter(wires::add).isPresent();
      }
      case DELETE_ROUTE -> Routes.unicast(message).filter(wires::remove).isPresent();
      case NEW_NEIGHBOUR ->
          ofBridge(message)
              ? Neighbours.onBridge(message).filter(wires::add).isPresent()
              : Neighbours.anyone(message).filter(this::met).isPresent();
      case DELETE_NEIGHBOUR ->
          ofBridge(message)
              ? Neighbours.onBridge(message).filter(wires::remove).isPresent()
              : Neighbours.anyone(message).filter(wires::remove).isPresent();
      default -> false;
    };
  }

  /// One whose link address is unknown has not answered.
  private boolean met(Neighbour one) {
    return one.hardware().length() > 0 ? wires.add(one) : wires.remove(one);
  }

  /// What a bridge says of its ports and of whom it saw behind them.
  private static boolean ofBridge(NetlinkMessage message) {
    return message.byteAt(0) == Linux.AF_BRIDGE;
  }

  @Override
  public void close() {
    news.close();
    questions.close();
  }
}
