package dev.ringfence.nftables.proof;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.NftChain.Hook;
import dev.ringfence.nftables.table.Forge;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A packet that a report names, as bytes, and those that have to go before it for conntrack to
/// take it for what the report says.
///
/// @param local the address that the node itself must have, if any
/// @param before in this order, with no policy in the way
/// @param itself the packet
/// @param own whether the node sends it
record RealPacket(
    Hook hook,
    Situation situation,
    Optional<Address> local,
    List<Bytes> before,
    Bytes itself,
    boolean own) {

  /// It cannot be sent.
  static final class NotForReal extends Exception {
    private static final long serialVersionUID = 1;

    NotForReal(String why) {
      super(why);
    }
  }

  private static final int UNICAST = 1;
  private static final int LOCAL = 2;
  private static final Set<String> KNOWN =
      Set.of(
          "TCP flags",
          "ICMP type",
          "hop limit",
          "kind of source",
          "sender of the error",
          "receiver of the error",
          "opener's port",
          "port");

  /// Addresses that no router sends packets to, or takes them from.
  private static final List<Cidr> NEVER_ROUTED =
      List.of(
          Cidr.of("0.0.0.0/8"),
          Cidr.of("127.0.0.0/8"),
          Cidr.of("224.0.0.0/4"),
          Cidr.of("255.255.255.255/32"),
          Cidr.of("::/127"),
          Cidr.of("fe80::/10"),
          Cidr.of("ff00::/8"));

  /// @throws NotForReal saying why there is no such packet
  static RealPacket of(SamplePacket sample) throws NotForReal {
    for (SamplePacket.Detail one : sample.details()) {
      if (!KNOWN.contains(one.what())) {
        throw new NotForReal(
            one.what().equals("fragment")
                ? "a fragment: conntrack puts them together first"
                : "what only foreign rules look at: " + one.what().replaceAll("[0-9]", "N"));
      }
    }
    return new Maker(Probe.of(sample), sample).make();
  }

  /// Works it out.
  private static final class Maker {
    private final Probe probe;
    private final SamplePacket sample;
    private final Address sender;
    private final Address receiver;
    private final Conversation talk;

    Maker(Probe probe, SamplePacket sample) {
      this.probe = probe;
      this.sample = sample;
      Situation now = probe.situation();
      boolean back = now.isBack();
      Address near = back ? probe.destination() : probe.opener();
      Address far = back ? probe.opener() : probe.destination();
      this.sender = now.isError() ? address("sender of the error", near) : near;
      this.receiver = now.isError() ? address("receiver of the error", far) : far;
      this.talk = new Conversation(probe);
    }

    private Address address(String what, Address otherwise) {
      return sample.detail(what).map(Address::of).orElse(otherwise);
    }

    RealPacket make() throws NotForReal {
      Situation now = probe.situation();
      check(now);
      Bytes transport =
          now.isError()
              ? talk.error(sender, receiver, sample.detail("ICMP type").isPresent())
              : talk.transport();
      int protocol = now.isError() ? icmp() : probe.protocol();
      Bytes packet = Forge.ip(sender, receiver, protocol, hops(), transport);
      return new RealPacket(
          probe.hook(),
          now,
          local(),
          talk.before(),
          Forge.numbered(packet, Crossroads.TOKEN),
          probe.hook() == Hook.OUTPUT);
    }

    private int icmp() {
      return sender.family() == Family.IPV4 ? 1 : 58;
    }

    private void check(Situation now) throws NotForReal {
      if (now == Situation.RELATED) {
        throw new NotForReal("a connection that another announced: takes a program that does");
      }
      boolean everybody = probe.hook() == Hook.INPUT && receiver.equals(Crossroads.EVERYBODY);
      for (Address one : everybody ? List.of(sender) : List.of(sender, receiver)) {
        if (NEVER_ROUTED.stream().anyMatch(range -> range.contains(one))) {
          throw new NotForReal("an address that the kernel routes nothing from or to");
        }
      }
      if (sender.equals(receiver) || probe.opener().equals(probe.destination())) {
        throw new NotForReal("from an address to itself");
      }
      if (now.isTracked() && probe.protocol() == (icmp() == 1 ? 58 : 1)) {
        throw new NotForReal("ICMP of the other family, of which conntrack knows no connections");
      }
      Address far = now.isBack() ? probe.opener() : probe.destination();
      if (now.isError() && !receiver.equals(far)) {
        throw new NotForReal("an error for another than whose packet it is about");
      }
      if (kind().filter(kind -> kind != UNICAST && kind != LOCAL).isPresent()) {
        throw new NotForReal("a source that is neither an own address nor anybody's");
      }
    }

    private Optional<Integer> kind() {
      return sample
          .detail("kind of source")
          .map(hex -> Bytes.copyOf(HexFormat.of().parseHex(hex.substring(2))).nativeInt());
    }

    private Optional<Address> local() throws NotForReal {
      boolean ownSource = kind().map(kind -> kind == LOCAL).orElse(probe.hook() == Hook.OUTPUT);
      return switch (probe.hook()) {
        case INPUT -> {
          if (ownSource) {
            throw new NotForReal("from one own address to another, by a wire");
          }
          yield Optional.of(receiver).filter(one -> !one.equals(Crossroads.EVERYBODY));
        }
        case FORWARD, OUTPUT -> ownSource ? Optional.of(sender) : Optional.empty();
        case PREROUTING, POSTROUTING, INGRESS, EGRESS ->
            throw new NotForReal("hook " + probe.hook().toString().toLowerCase(Locale.ROOT));
      };
    }

    /// A router takes one off, before the hook.
    private int hops() throws NotForReal {
      if (probe.hook() != Hook.FORWARD) {
        return probe.hopLimit();
      }
      if (probe.hopLimit() == 255 || probe.hopLimit() == 0) {
        throw new NotForReal("routed, with a hop limit of " + probe.hopLimit());
      }
      return probe.hopLimit() + 1;
    }
  }

  /// The packets of a connection, or of what is none.
  private static final class Conversation {
    private static final Set<Integer> VALID_FLAGS =
        Set.of(0x02, 0x22, 0x12, 0x04, 0x14, 0x11, 0x31, 0x10, 0x30);

    private final Probe probe;

    Conversation(Probe probe) {
      this.probe = probe;
    }

    private boolean hasPorts() {
      return Set.of(6, 17, 132).contains(probe.protocol());
    }

    private int port(boolean opener) {
      int port = opener ? probe.openerPort() : probe.port();
      return port < 0 ? (opener ? 47_001 : 80) : port;
    }

    /// Of the packet itself.
    Bytes transport() throws NotForReal {
      Situation now = probe.situation();
      boolean tracked = now.isTracked();
      boolean back = now.isBack();
      if (now == Situation.INVALID) {
        return Forge.cutShort(transport(false, 0, probe.flags(), probe.type()), probe.protocol());
      }
      if (tracked && !hasPorts() && (probe.openerPort() > 0 || probe.port() > 0)) {
        throw new NotForReal("ports of a protocol for which conntrack knows none");
      }
      switch (probe.protocol()) {
        case 6 -> checkFlags(now);
        case 1, 58 -> checkType(now);
        default -> {}
      }
      return transport(back, stage(now), probe.flags(), probe.type());
    }

    private static int stage(Situation now) {
      return switch (now) {
        case ESTABLISHED -> 2;
        case REPLY -> 1;
        default -> 0;
      };
    }

    private void checkFlags(Situation now) throws NotForReal {
      int flags = probe.flags() & 0x37;
      boolean valid = VALID_FLAGS.contains(flags);
      boolean opens = flags == 0x02 || flags == 0x22 || flags == 0x10 || flags == 0x30;
      if (now.isTracked() && (!valid || (now == Situation.NEW && !opens))) {
        throw new NotForReal("TCP flags that conntrack calls invalid");
      }
    }

    private void checkType(Situation now) throws NotForReal {
      boolean asks = answer(probe.type()) >= 0;
      boolean answers = question(probe.type()) >= 0;
      boolean possible =
          switch (now) {
            case NEW, ESTABLISHED -> asks;
            case REPLY -> answers;
            default -> true;
          };
      if (!possible) {
        throw new NotForReal("an ICMP message that is no part of such a connection");
      }
    }

    private int answer(int type) {
      List<Integer> questions = questions();
      int at = questions.indexOf(type);
      return at < 0 ? -1 : questions.get(at + 1);
    }

    private int question(int type) {
      List<Integer> questions = questions();
      int at = questions.lastIndexOf(type);
      return at <= 0 || at % 2 == 0 ? -1 : questions.get(at - 1);
    }

    /// Each with its answer behind it.
    private List<Integer> questions() {
      return probe.protocol() == 1 ? List.of(8, 0, 13, 14, 15, 16, 17, 18) : List.of(128, 129);
    }

    /// What goes before: the question, and where the opener speaks again its answer.
    List<Bytes> before() {
      List<Bytes> out = new ArrayList<>();
      Situation now = probe.situation();
      if (!now.isTracked() || now == Situation.NEW) {
        return out;
      }
      out.add(step(false, 0));
      boolean answered = now == Situation.ESTABLISHED || now.isError();
      boolean lateReply =
          now == Situation.REPLY && probe.protocol() == 6 && (probe.flags() & 0x17) != 0x02;
      if (answered || lateReply) {
        out.add(step(true, 1));
      }
      if (lateReply) {
        out.add(step(false, 2));
      }
      return out;
    }

    private Bytes step(boolean back, int stage) {
      int flags = stage == 0 ? Forge.TCP_SYN : stage == 1 ? Forge.TCP_SYN_ACK : Forge.TCP_ACK;
      return Forge.ip(
          back ? probe.destination() : probe.opener(),
          back ? probe.opener() : probe.destination(),
          probe.protocol(),
          64,
          transport(back, stage, flags, questionOf(back)));
    }

    private int questionOf(boolean back) {
      int type = probe.type();
      int question =
          answer(type) >= 0 ? type : question(type) >= 0 ? question(type) : questions().getFirst();
      return back ? answer(question) : question;
    }

    private Bytes transport(boolean back, int stage, int flags, int type) {
      Address from = back ? probe.destination() : probe.opener();
      Address to = back ? probe.opener() : probe.destination();
      int fromPort = port(!back);
      int toPort = port(back);
      return switch (probe.protocol()) {
        case 6 -> Forge.tcpSegment(from, to, fromPort, toPort, flags);
        case 17 -> Forge.udpDatagram(from, to, fromPort, toPort, "ringfence-test");
        case 132 -> Forge.sctp(fromPort, toPort, stage);
        case 1, 58 -> Forge.icmp(from, to, type);
        default -> Bytes.ofShort(port(!back)).then(Bytes.ofShort(port(back))).then(FILLING);
      };
    }

    private static final Bytes FILLING = Bytes.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /// About a packet of the connection that its receiver sent.
    ///
    /// @param known whether the report says of which type
    Bytes error(Address from, Address to, boolean known) throws NotForReal {
      boolean v4 = from.family() == Family.IPV4;
      int type = known ? probe.type() : v4 ? 3 : 1;
      if (v4 ? !Set.of(3, 4, 5, 11, 12).contains(type) : type >= 128) {
        throw new NotForReal("an error of a type that conntrack takes for none");
      }
      boolean aboutReply = probe.situation() == Situation.ERROR;
      return Forge.icmpAbout(from, to, type, step(aboutReply, aboutReply ? 1 : 0));
    }
  }
}
