package dev.ringfence.lab.netns;

import dev.ringfence.nftables.linux.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Kernel settings of one network namespace, written by a thread inside it.
final class Sysctls {
  /// No waiting for duplicate addresses, no advertised routes: everything here is set by hand.
  private static final Map<String, String> EVERYWHERE =
      Map.of(
          "net/ipv6/conf/all/disable_ipv6", "0",
          "net/ipv6/conf/default/disable_ipv6", "0",
          "net/ipv6/conf/lo/disable_ipv6", "0",
          "net/ipv6/conf/default/accept_dad", "0",
          "net/ipv6/conf/default/accept_ra", "0",
          "net/ipv4/conf/all/rp_filter", "0",
          "net/ipv4/conf/default/rp_filter", "0");

  /// A spoofed source must be stopped by the guard, not by a route check, so there is none.
  private static final Map<String, String> ROUTER =
      Map.of(
          "net/ipv4/ip_forward", "1",
          "net/ipv6/conf/all/forwarding", "1",
          "net/ipv6/conf/default/forwarding", "1",
          "net/ipv4/conf/all/send_redirects", "0",
          "net/ipv4/conf/default/send_redirects", "0");

  /// Packets that a bridge passes on meet the rules for routed ones; one family without the other
  /// would be a way around.
  private static final Map<String, String> BRIDGED =
      Map.of("net/bridge/bridge-nf-call-iptables", "1", "net/bridge/bridge-nf-call-ip6tables", "1");

  private Sysctls() {}

  /// For a node whose pods are on a bridge.
  ///
  /// @throws IOException if the kernel has no `br_netfilter`, so that nothing would be judged
  static void judgeBridged(String namespace) throws Exception {
    Inside.call(
        namespace,
        () -> {
          NetworkNamespace.requireNotMain();
          if (!Files.exists(Path.of("/proc/sys/net/bridge"))) {
            throw new IOException("bridged pods need the kernel module br_netfilter");
          }
          write(BRIDGED);
          return true;
        });
  }

  /// Before any interface is made, so that all get the defaults.
  static void prepare(String namespace, boolean router) throws Exception {
    Inside.call(
        namespace,
        () -> {
          NetworkNamespace.requireNotMain();
          write(EVERYWHERE);
          if (router) {
            write(ROUTER);
          }
          return true;
        });
  }

  private static void write(Map<String, String> settings) throws IOException {
    for (Map.Entry<String, String> one : settings.entrySet()) {
      Path file = Path.of("/proc/sys", one.getKey());
      if (!Files.readString(file).strip().equals(one.getValue())) {
        Files.writeString(file, one.getValue());
      }
    }
  }
}
