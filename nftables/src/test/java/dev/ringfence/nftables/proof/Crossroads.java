package dev.ringfence.nftables.proof;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.ScratchNamespace;
import dev.ringfence.nftables.linux.Descriptor;
import dev.ringfence.nftables.linux.Errno;
import dev.ringfence.nftables.linux.Libc;
import dev.ringfence.nftables.linux.Linux;
import dev.ringfence.nftables.linux.SockAddr;
import dev.ringfence.nftables.linux.SystemCallException;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.NetlinkSocket;
import dev.ringfence.nftables.route.Links;
import dev.ringfence.nftables.table.Forge;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A node between a wire that brings whatever packet and one that takes it away, with counters
/// before and behind the rules: who came to a hook, as what conntrack took it, and who got past.
///
/// Its own methods are for the thread inside the node.
final class Crossroads implements AutoCloseable {
  /// The number that the packet to be watched has.
  static final int TOKEN = 0x5246;

  /// Likewise, but conntrack is not to see it.
  private static final int HIDDEN = TOKEN + 1;

  /// Of those that go before.
  private static final int EARLIER = TOKEN + 2;

  /// Everybody on a link, the node among them.
  static final Address EVERYBODY = Address.of("ff02::1");

  private static final Bytes EVERYBODYS_LINK = Bytes.of(0x33, 0x33, 0, 0, 0, 1);

  /// The link address that the frame to be watched goes to.
  static final Bytes FRAME_TOKEN = Bytes.of(2, 0x72, 0x66, 0x66, 0, 1);

  private static final Pattern COUNTER =
      Pattern.compile("counter ([a-z0-9_]+) \\{\\s+packets ([0-9]+)");
  private static final long PATIENCE = 4_000_000_000L;
  private static final List<String> HOOKS = List.of("forward", "input", "output");

  private final ScratchNamespace node;
  private final ScratchNamespace around;
  private final Bytes nodeSide;
  private final Descriptor wire;
  private final Descriptor own4;
  private final Descriptor own6;
  private final int wireIndex;

  private Crossroads(ScratchNamespace node, ScratchNamespace around) throws Exception {
    this.node = node;
    this.around = around;
    this.nodeSide = node.inside(() -> link("rfin"));
    this.wire = around.inside(() -> Libc.packetSocket(Linux.SOCK_RAW, 0));
    this.wireIndex = around.inside(() -> Libc.interfaceIndex("rfin"));
    this.own4 = node.inside(() -> Libc.socket(Linux.AF_INET, Linux.SOCK_RAW, Linux.IPPROTO_RAW));
    this.own6 = node.inside(() -> Libc.socket(Linux.AF_INET6, Linux.SOCK_RAW, Linux.IPPROTO_RAW));
  }

  static Crossroads of(ScratchNamespace node) throws Exception {
    ScratchNamespace around = ScratchNamespace.create();
    try {
      node.runAll(
          """
          sysctl -qw net.ipv4.ip_forward=1
          sysctl -qw net.ipv6.conf.all.forwarding=1
          sysctl -qw net.ipv4.conf.all.rp_filter=0
          sysctl -qw net.ipv4.conf.default.rp_filter=0
          sysctl -qw net.ipv4.conf.all.accept_local=1
          sysctl -qw net.ipv4.conf.all.send_redirects=0
          sysctl -qw net.ipv6.conf.default.accept_dad=0
          sysctl -qw net.netfilter.nf_conntrack_tcp_be_liberal=1
          """);
      for (String name : List.of("rfin", "rfout")) {
        node.runAll(
            """
            ip link add %1$s type veth peer name %1$s netns %2$s
            ip link set %1$s addrgenmode none
            ip link set %1$s up
            """
                .formatted(name, around.name()));
        around.runAll(
            """
            sysctl -qw net.ipv6.conf.%1$s.disable_ipv6=1
            ip link set %1$s up
            """
                .formatted(name));
      }
      String away = colons(around.inside(() -> link("rfout")));
      node.runAll(
          """
          ip address add 192.0.2.200/32 dev lo
          ip address add 2001:db8:ffff::200/128 dev lo nodad
          ip neighbour add 192.0.2.201 lladdr %1$s dev rfout nud permanent
          ip -6 neighbour add fe80::201 lladdr %1$s dev rfout nud permanent
          ip route add default via 192.0.2.201 dev rfout onlink
          ip -6 route add default via fe80::201 dev rfout onlink
          """
              .formatted(away));
      Crossroads made = new Crossroads(node, around);
      made.watch();
      return made;
    } catch (Exception | Error failed) {
      around.close();
      throw failed;
    }
  }

  /// One more wire, such as a pod's.
  void addWire(String name) {
    node.runAll(
        """
        ip link add %1$s type veth peer name %1$s netns %2$s
        sysctl -qw net.ipv6.conf.%1$s.disable_ipv6=1
        ip link set %1$s up
        """
            .formatted(name, around.name()));
    around.runAll(
        """
        sysctl -qw net.ipv6.conf.%1$s.disable_ipv6=1
        ip link set %1$s up
        """
            .formatted(name));
    watchFrames(name);
  }

  private static String colons(Bytes hardware) {
    return hardware.toString().substring(2).replaceAll("(..)(?!$)", "$1:");
  }

  private static Bytes link(String name) {
    try (NetlinkSocket socket = NetlinkSocket.route()) {
      return Links.all(socket).stream()
          .filter(link -> link.name().equals(name))
          .findFirst()
          .orElseThrow()
          .hardware();
    }
  }

  /// Counts packets with the number. The node itself answers nothing: it would end connections that
  /// it does not have.
  private void watch() {
    StringBuilder table = new StringBuilder("table inet watch {\n");
    StringBuilder chains = new StringBuilder();
    for (String hook : List.of("prerouting", "output")) {
      String hidden =
          "%s notrack\n%s notrack\n"
              .formatted(numbered(Family.IPV4, HIDDEN), numbered(Family.IPV6, HIDDEN));
      String silent =
          "%s != { %2$d, %3$d, %4$d } drop\n%5$s != { %2$d, %3$d, %4$d } drop\n"
              .formatted(number(Family.IPV4), TOKEN, HIDDEN, EARLIER, number(Family.IPV6));
      chains.append(
          "chain raw_%1$s { type filter hook %1$s priority raw;\n%2$s}\n"
              .formatted(hook, hidden + (hook.equals("output") ? silent : "")));
    }
    for (String hook : HOOKS) {
      StringBuilder rules = new StringBuilder();
      for (String state : List.of("invalid", "new", "established", "related", "untracked")) {
        for (String direction : List.of("original", "reply")) {
          String counter = hook + "_" + state + "_" + direction;
          table.append("counter ").append(counter).append(" {}\n");
          boolean tracked = !state.equals("invalid") && !state.equals("untracked");
          if (tracked || direction.equals("original")) {
            rules.append(
                "ct state %s %s counter name %s\n"
                    .formatted(state, tracked ? "ct direction " + direction : "", counter));
          }
        }
      }
      table.append("counter %s_passed {}\n".formatted(hook));
      chains.append("chain as_%s {\n%s}\n".formatted(hook, rules));
      chains.append(around(hook, "before", -150, "jump as_" + hook));
      chains.append(around(hook, "behind", 2_000_000_000, "counter name " + hook + "_passed"));
    }
    feed(table.append(chains).append("}\n").toString());
  }

  private static String around(String hook, String where, int priority, String what) {
    StringBuilder rules = new StringBuilder();
    for (Family family : Family.values()) {
      for (int number : new int[] {TOKEN, HIDDEN}) {
        rules.append(numbered(family, number)).append(' ').append(what).append('\n');
      }
    }
    return "chain %1$s_%2$s { type filter hook %1$s priority %3$d;\n%4$s}\n"
        .formatted(hook, where, priority, rules);
  }

  private static String numbered(Family family, int number) {
    return number(family) + " " + number;
  }

  private static String number(Family family) {
    return family == Family.IPV4 ? "meta nfproto ipv4 @nh,32,16" : "meta nfproto ipv6 @nh,16,16";
  }

  /// Likewise at a device, by the link address that frames go to.
  private void watchFrames(String device) {
    StringBuilder out = new StringBuilder("table netdev watch {\n");
    String token = "@ll,0,48 0x" + FRAME_TOKEN.toString().substring(2);
    for (String hook : List.of("ingress", "egress")) {
      for (String where : List.of("came", "passed")) {
        int priority = where.equals("came") ? -2_000_000_000 : 2_000_000_000;
        String name = device + "_" + hook + "_" + where;
        out.append("counter ").append(name).append(" {}\n");
        out.append(
            "chain %s { type filter hook %s device %s priority %d; %s counter name %s; }\n"
                .formatted(name, hook, device, priority, token, name));
      }
    }
    feed(out.append("}\n").toString());
  }

  private void feed(String script) {
    node.feed(script, "nft", "-f", "-");
  }

  /// What became of a packet.
  ///
  /// @param came by which hook, as what: `forward_new_original`
  record Seen(List<String> came, List<String> passed) {}

  /// Sends a packet and looks.
  Seen play(RealPacket packet) {
    node.run("conntrack", "-F");
    boolean untracked = packet.situation() == Situation.UNTRACKED;
    packet.local().ifPresent(address -> local("add", address));
    try {
      if (!packet.before().isEmpty()) {
        feed("add table inet ringfence { flags dormant; }\n");
        packet.before().forEach(one -> send(Forge.numbered(one, EARLIER), isLocal(packet, one)));
        feed("add table inet ringfence\n");
      }
      counters();
      send(untracked ? Forge.numbered(packet.itself(), HIDDEN) : packet.itself(), packet.own());
      return seen(packet.hook().toString().toLowerCase(Locale.ROOT));
    } finally {
      packet.local().ifPresent(address -> local("delete", address));
    }
  }

  /// Sends a frame by its wire and looks.
  Seen play(RealFrame frame) throws Exception {
    counters();
    ScratchNamespace from = frame.ingress() ? around : node;
    from.inside(() -> {
      try (Descriptor socket = Libc.packetSocket(Linux.SOCK_RAW, 0)) {
        SockAddr device = SockAddr.packet(Libc.interfaceIndex(frame.device()), Linux.ETH_P_ALL);
        send(socket, frame.frame().toArray(), device);
      }
      return null;
    });
    return seen(frame.device());
  }

  private static boolean isLocal(RealPacket packet, Bytes one) {
    return packet.local().filter(address(one, 12, 8)::equals).isPresent();
  }

  private static Address destination(Bytes packet) {
    return address(packet, 16, 24);
  }

  private static Address address(Bytes packet, int at4, int at6) {
    boolean v4 = packet.at(0) >> 4 == 4;
    int at = v4 ? at4 : at6;
    return Address.ofBytes(Arrays.copyOfRange(packet.toArray(), at, at + (v4 ? 4 : 16)));
  }

  private void local(String what, Address address) {
    node.run(
        "ip",
        address.family() == Family.IPV4 ? "-4" : "-6",
        "route",
        what,
        "local",
        address.toString(),
        "dev",
        "lo",
        "table",
        "local");
  }

  /// Hands a packet to the node: by the wire, or to its own sending.
  private void send(Bytes packet, boolean own) {
    boolean v4 = packet.at(0) >> 4 == 4;
    if (own) {
      send(v4 ? own4 : own6, packet.toArray(), SockAddr.of(destination(packet), 0));
      return;
    }
    Bytes target = destination(packet).equals(EVERYBODY) ? EVERYBODYS_LINK : nodeSide;
    Bytes frame = Forge.ethernet(target, Bytes.of(2, 0, 0, 0, 9, 9), v4 ? 0x0800 : 0x86DD, packet);
    Libc.sendTo(wire, frame.toArray(), 0, SockAddr.packet(wireIndex, Linux.ETH_P_ALL));
  }

  /// Who sends is told of a drop before the wire.
  private static void send(Descriptor socket, byte[] bytes, SockAddr to) {
    try {
      Libc.sendTo(socket, bytes, 0, to);
    } catch (SystemCallException dropped) {
      if (dropped.errno() != Errno.EPERM && dropped.errno() != Errno.ENOBUFS) {
        throw dropped;
      }
    }
  }

  private Seen seen(String hook) {
    long end = System.nanoTime() + PATIENCE;
    Map<String, Long> counted = new HashMap<>();
    while (System.nanoTime() < end) {
      counters().forEach((name, packets) -> counted.merge(name, packets, Long::sum));
      if (counted.keySet().stream().anyMatch(name -> name.startsWith(hook))) {
        break;
      }
    }
    counters().forEach((name, packets) -> counted.merge(name, packets, Long::sum));
    List<String> came = new ArrayList<>();
    List<String> passed = new ArrayList<>();
    counted.keySet().stream()
        .sorted()
        .forEach(name -> (name.endsWith("passed") ? passed : came).add(name));
    return new Seen(came, passed);
  }

  /// Those that are not zero; then all are.
  private Map<String, Long> counters() {
    Map<String, Long> out = new HashMap<>();
    Matcher found = COUNTER.matcher(node.run("nft", "reset", "counters"));
    while (found.find()) {
      long packets = Long.parseLong(found.group(2));
      if (packets > 0) {
        out.put(found.group(1), packets);
      }
    }
    return out;
  }

  @Override
  public void close() {
    wire.close();
    own4.close();
    own6.close();
    around.close();
  }
}
