package dev.ringfence.nftables.proof;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.NodePolicy.Admission;
import dev.ringfence.core.compiled.NodePolicy.Form;
import dev.ringfence.core.compiled.NodePolicy.Group;
import dev.ringfence.core.compiled.NodePolicy.PeerSet;
import dev.ringfence.core.compiled.NodePolicy.Span;
import dev.ringfence.core.model.AddressRange;
import dev.ringfence.nftables.netlink.Bytes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What one group lets through: its sets of peers first, then its spans, and nobody else; where its
/// form is that of a union, both together.
final class GroupReading {
  private final Group group;
  private final List<Entry> entries = new ArrayList<>();
  private @Nullable Entry @Nullable [] byClass;

  /// Peers, and what they may use.
  private record Entry(Part peers, PortReading ports, String words) {}

  GroupReading(Group group, NodePolicy policy, InetTraffic traffic, PortReading.All ports) {
    this.group = group;
    for (Admission admission : group.pods()) {
      PeerSet set = policy.sets().get(admission.setId());
      if (set == null) {
        throw new IllegalArgumentException("an admission of the unknown set " + admission);
      }
      entries.add(
          new Entry(
              traffic.opener.domain().among(set.members()),
              ports.of(admission.ports()),
              "peers %s (%s): %s".formatted(set.id(), set.meaning(), admission.ports())));
    }
    for (Span span : group.spans()) {
      List<Range> ranges =
          span.ranges().stream()
              .filter(range -> range.family() == traffic.family())
              .map(GroupReading::range)
              .toList();
      if (!ranges.isEmpty()) {
        entries.add(
            new Entry(
                traffic.opener.domain().in(ranges),
                ports.of(span.ports()),
                "anybody else in %s: %s".formatted(span.ranges(), span.ports())));
      }
    }
  }

  private static Range range(AddressRange range) {
    return new Range(Bytes.copyOf(range.first().bytes()), Bytes.copyOf(range.last().bytes()));
  }

  /// Deals packets of the group's pods out.
  ///
  /// @param peer whose address counts
  /// @param port the destination's, as the packets are looked at
  void split(
      Region packets, Field peer, Field port, Consumer<Region> allowed, Consumer<Denied> denied) {
    if (group.form() == Form.UNION) {
      addUp(packets, peer, port, allowed, denied);
      return;
    }
    @Nullable Entry[] entryOf = byClass();
    BitSet others = (BitSet) packets.classes(peer).clone();
    Map<Entry, BitSet> asked = new LinkedHashMap<>();
    for (int at = others.nextSetBit(0);
        at >= 0 && at < entryOf.length;
        at = others.nextSetBit(at + 1)) {
      Entry entry = entryOf[at];
      if (entry != null) {
        asked.computeIfAbsent(entry, _ -> new BitSet()).set(at);
        others.clear(at);
      }
    }
    asked.forEach((entry, peers) ->
        packets
            .within(peer, peers)
            .ifPresent(region ->
                entry
                    .ports()
                    .split(
                        region,
                        port,
                        allowed,
                        no -> denied.accept(new Denied(no, group, entry.words())))));
    packets
        .within(peer, others)
        .ifPresent(no -> denied.accept(new Denied(no, group, "nobody else")));
  }

  /// The entry that judges each class of addresses: the first that has it.
  private @Nullable Entry[] byClass() {
    @Nullable Entry[] known = byClass;
    if (known == null) {
      int length = entries.stream().mapToInt(one -> one.peers().classes().length()).max().orElse(0);
      known = new @Nullable Entry[length];
      for (Entry one : entries.reversed()) {
        BitSet peers = one.peers().classes();
        for (int at = peers.nextSetBit(0); at >= 0; at = peers.nextSetBit(at + 1)) {
          known[at] = one;
        }
      }
      byClass = known;
    }
    return known;
  }

  /// The same where a peer has the ports of every entry that it is in.
  private void addUp(
      Region packets, Field peer, Field port, Consumer<Region> allowed, Consumer<Denied> denied) {
    Optional<Region> left = Optional.of(packets);
    for (var one : peersByEntries().entrySet()) {
      List<Entry> theirs = one.getKey().stream().mapToObj(entries::get).toList();
      String words = theirs.stream().map(Entry::words).collect(Collectors.joining(" and "));
      packets
          .within(peer, one.getValue())
          .ifPresent(region ->
              without(theirs, region, port, allowed)
                  .forEach(no -> denied.accept(new Denied(no, group, words))));
      left = left.flatMap(region -> region.without(peer, one.getValue()));
    }
    left.ifPresent(no -> denied.accept(new Denied(no, group, "nobody else")));
  }

  /// Those classes of peers that are in some entries, by which.
  private Map<BitSet, BitSet> peersByEntries() {
    BitSet some = new BitSet();
    entries.forEach(entry -> some.or(entry.peers().classes()));
    Map<BitSet, BitSet> out = new LinkedHashMap<>();
    some.stream()
        .forEach(peer -> {
          BitSet theirs = new BitSet();
          for (int i = 0; i < entries.size(); i++) {
            theirs.set(i, entries.get(i).peers().classes().get(peer));
          }
          out.computeIfAbsent(theirs, e -> new BitSet()).set(peer);
        });
    return out;
  }

  /// What is left of packets for which none of these entries has the port.
  private static List<Region> without(
      List<Entry> entries, Region packets, Field port, Consumer<Region> allowed) {
    List<Region> left = List.of(packets);
    for (Entry entry : entries) {
      List<Region> still = new ArrayList<>();
      left.forEach(region -> entry.ports().split(region, port, allowed, still::add));
      left = still;
    }
    return left;
  }

  /// Packets that the group does not let through.
  ///
  /// @param words which of its entries says so
  record Denied(Region packets, Group group, String words) {
    String why() {
      return "%s of group %s (%s) allows %s"
          .formatted(group.direction(), group.id(), String.join(", ", group.policies()), words);
    }
  }
}
