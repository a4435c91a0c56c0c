package dev.ringfence.benchmarks;

import dev.ringfence.nftables.linux.NetworkNamespace;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Two pods routed by one node, each a network namespace, with a pinned thread in all three.
///
/// Connections leave no trace behind that would slow the next round: no TIME_WAIT sockets, and
/// conntrack forgets a closed connection after a second.
final class Rig implements AutoCloseable {
  static final String CLIENT = "10.244.1.2";
  static final String SERVER = "10.244.1.3";

  private final String prefix;
  private final Room node;
  private final Room client;
  private final Room server;

  Rig(String name) {
    prefix = "rf-bench-" + name + "-";
    for (String one : new String[] {"node", "client", "server"}) {
      Ip.run("", "sh", "-c", "ip netns del " + prefix + one + " 2>/dev/null; true");
      Ip.run("", "ip", "netns", "add", prefix + one);
    }
    node = new Room(prefix + "node");
    client = new Room(prefix + "client");
    server = new Room(prefix + "server");
    wire("client", CLIENT);
    wire("server", SERVER);
    Ip.inside(
        prefix + "node",
        "",
        "sysctl",
        "-qw",
        "net.ipv4.ip_forward=1",
        "net.netfilter.nf_conntrack_tcp_timeout_time_wait=1",
        "net.netfilter.nf_conntrack_tcp_timeout_close=1");
    for (String end : new String[] {"client", "server"}) {
      Ip.inside(
          prefix + end,
          "",
          "sysctl",
          "-qw",
          "net.ipv4.tcp_max_tw_buckets=0",
          "net.ipv4.ip_local_port_range=1024 65535");
    }
  }

  private void wire(String pod, String address) {
    Ip.batch(
        prefix + "node",
        "link set lo up",
        "link add rf" + pod + " type veth peer name eth0 netns " + prefix + pod,
        "link set rf" + pod + " up",
        "address add 169.254.1.1/32 dev rf" + pod + " scope link",
        "route add " + address + "/32 dev rf" + pod);
    Ip.batch(
        prefix + pod,
        "link set lo up",
        "link set eth0 up",
        "address add " + address + "/32 dev eth0",
        "route add 169.254.1.1 dev eth0 scope link",
        "route add default via 169.254.1.1 dev eth0");
  }

  /// Runs on the node's thread.
  <T> T onNode(Callable<T> task) {
    return node.call(task);
  }

  Room client() {
    return client;
  }

  Room server() {
    return server;
  }

  /// Loads an nft script into the node.
  void nft(String script) {
    Ip.inside(prefix + "node", script, "nft", "-f", "-");
  }

  String nodeNamespace() {
    return prefix + "node";
  }

  @Override
  public void close() {
    for (Room room : new Room[] {client, server, node}) {
      room.close();
    }
    for (String one : new String[] {"client", "server", "node"}) {
      Ip.run("", "ip", "netns", "del", prefix + one);
    }
  }

  /// One namespace and the platform thread that never leaves it.
  static final class Room implements AutoCloseable {
    private final ExecutorService thread;

    Room(String namespace) {
      thread =
          Executors.newSingleThreadExecutor(
              task -> new Thread(() -> stay(namespace, task), namespace));
    }

    private static void stay(String namespace, Runnable task) {
      try (var _ = NetworkNamespace.enter(NetworkNamespace.named(namespace))) {
        NetworkNamespace.requireNotMain();
        task.run();
      }
    }

    <T> T call(Callable<T> task) {
      try {
        return thread.submit(task).get();
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      thread.close();
    }
  }
}
