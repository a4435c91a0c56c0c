package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.NodePolicy.Admission;
import dev.ringfence.core.compiled.NodePolicy.Form;
import dev.ringfence.core.compiled.NodePolicy.Group;
import dev.ringfence.core.compiled.NodePolicy.Span;
import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.model.AddressRange;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.PortRange;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.Expression;
import dev.ringfence.nftables.netlink.KeyType;
import dev.ringfence.nftables.netlink.NftChain;
import dev.ringfence.nftables.netlink.NftElement;
import dev.ringfence.nftables.netlink.NftRule;
import dev.ringfence.nftables.netlink.NftSet;
import dev.ringfence.nftables.netlink.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// The chains of groups, of port sets, and the interval sets they share.
///
/// A chain that comes back lets the packet pass on this side; what does not come back was denied.
final class GroupChains {
  /// More ranges than these are looked up in a set.
  private static final int MOST_INLINE = 3;

  private final Map<String, ChainContent> chains = new HashMap<>();
  private final Map<String, SetContent> sets = new HashMap<>();

  Collection<ChainContent> chains() {
    return chains.values();
  }

  Collection<SetContent> sets() {
    return sets.values();
  }

  /// One chain, in which the subject's address is known to be the group's.
  void add(Group group, Family family, Profiles profiles, Orientation orientation) {
    Direction direction = group.direction();
    String name = Names.group(direction, group.id(), family, orientation);
    List<Expression> peer = orientation.peer(direction, family);
    List<NftRule> rules = new ArrayList<>();
    profiles
        .together()
        .map(together ->
            Matching.all(
                orientation.peerAndPort(direction, family), List.of(Matching.in(together.name()))))
        .ifPresent(allowed -> rules.add(rule(name, allowed, new Verdict.Return())));
    for (Admission admission : profiles.apart()) {
      if (group.form() == Form.UNION) {
        rules.addAll(added(admission, name, direction, family, orientation));
        continue;
      }
      rules.add(
          rule(
              name,
              Matching.all(peer, List.of(Matching.in(Names.peers(admission.setId(), family)))),
              verdict(admission.ports(), direction, orientation)));
    }
    profiles
        .together()
        .flatMap(Profiles.Together::known)
        .map(known -> Matching.all(peer, List.of(Matching.in(known))))
        .ifPresent(known -> rules.add(rule(name, known, new Verdict.Goto(Names.deny(direction)))));
    boolean open = false;
    for (Span span : group.spans()) {
      Verdict verdict = verdict(span.ports(), direction, orientation);
      for (List<Expression> addresses : addresses(span, family)) {
        List<Expression> conditions =
            addresses.isEmpty() ? List.of() : Matching.all(peer, addresses);
        rules.add(rule(name, conditions, verdict));
        open |= addresses.isEmpty();
      }
    }
    if (!open) {
      rules.add(
          new NftRule(
              Names.POLICY,
              name,
              List.of(new Expression.Judge(new Verdict.Goto(Names.deny(direction)))),
              String.join(" ", group.policies())));
    }
    put(name, rules);
  }

  /// Lets the members of a set through at its ports; whoever is not let through is asked further.
  private List<NftRule> added(
      Admission admission,
      String chain,
      Direction direction,
      Family family,
      Orientation orientation) {
    List<Expression> peers =
        Matching.all(
            orientation.peer(direction, family),
            List.of(Matching.in(Names.peers(admission.setId(), family))));
    List<List<Expression>> alternatives =
        admission.ports().isAll()
            ? List.of(List.of())
            : alternatives(admission.ports(), orientation);
    return alternatives.stream()
        .map(ports -> rule(chain, Matching.all(ports, peers), new Verdict.Return()))
        .toList();
  }

  private Verdict verdict(PortSet ports, Direction direction, Orientation orientation) {
    if (ports.isAll()) {
      return new Verdict.Return();
    }
    return new Verdict.Goto(
        ports.isNone() ? Names.deny(direction) : portChain(ports, direction, orientation));
  }

  /// Alternatives; one without conditions covers the family.
  private List<List<Expression>> addresses(Span span, Family family) {
    List<AddressRange> ranges = joined(span.ranges(), family);
    if (ranges.size() > MOST_INLINE) {
      return List.of(List.of(Matching.in(netSet(ranges, family))));
    }
    return ranges.stream()
        .map(range ->
            range.equals(AddressRange.all(family))
                ? List.<Expression>of()
                : Matching.address(range))
        .toList();
  }

  /// Those of the family, ascending, neighbours joined.
  private static List<AddressRange> joined(List<AddressRange> ranges, Family family) {
    List<AddressRange> out = new ArrayList<>();
    ranges.stream()
        .filter(range -> range.family() == family)
        .sorted()
        .forEach(range -> {
          boolean joins =
              !out.isEmpty()
                  && out.getLast().last().next().filter(range.first()::equals).isPresent();
          if (joins) {
            out.set(out.size() - 1, new AddressRange(out.getLast().first(), range.last()));
          } else {
            out.add(range);
          }
        });
    return out;
  }

  private String netSet(List<AddressRange> ranges, Family family) {
    String name = Names.net(ranges.toString(), family);
    KeyType key = family == Family.IPV4 ? KeyType.IPV4 : KeyType.IPV6;
    return intervals(
        name,
        key,
        ranges,
        range -> Bytes.copyOf(range.first().bytes()),
        range -> Bytes.copyOf(range.last().bytes()));
  }

  private String portChain(PortSet ports, Direction direction, Orientation orientation) {
    String name = Names.ports(ports, direction, orientation);
    if (chains.containsKey(name)) {
      return name;
    }
    List<NftRule> rules = new ArrayList<>();
    alternatives(ports, orientation)
        .forEach(conditions -> rules.add(rule(name, conditions, new Verdict.Return())));
    rules.add(
        new NftRule(
            Names.POLICY,
            name,
            List.of(new Expression.Judge(new Verdict.Goto(Names.deny(direction)))),
            ports.toString()));
    put(name, rules);
    return name;
  }

  /// Conditions of which a packet meets one if its port is among these.
  private List<List<Expression>> alternatives(PortSet ports, Orientation orientation) {
    List<List<Expression>> out = new ArrayList<>();
    for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP)) {
      if (!ports.ranges(protocol).isEmpty()) {
        out.add(Matching.all(protocol(protocol, orientation), ports(ports, protocol, orientation)));
      }
    }
    if (ports.other()) {
      out.add(noPorts(orientation));
    }
    return out;
  }

  /// No conditions where every port will do. Always a set, since `nft` cannot print what the port
  /// of a connection is compared with.
  private List<Expression> ports(PortSet ports, Protocol protocol, Orientation orientation) {
    List<PortRange> ranges = ports.ranges(protocol);
    if (ranges.equals(List.of(PortRange.ALL))) {
      return List.of();
    }
    String name = Names.portSet(ports, protocol);
    if (ranges.stream().allMatch(range -> range.first() == range.last())) {
      singlePorts(name, ranges);
    } else {
      intervals(
          name,
          KeyType.PORT,
          ranges,
          range -> Bytes.ofShort(range.first()),
          range -> Bytes.ofShort(range.last()));
    }
    return List.of(orientation.port(), Matching.in(name));
  }

  /// A plain set, which is far quicker than a tree.
  private void singlePorts(String name, List<PortRange> ranges) {
    Set<NftElement> elements = new HashSet<>();
    ranges.forEach(range -> elements.add(NftElement.of(Bytes.ofShort(range.first()))));
    NftSet set =
        NftSet.hash(Names.POLICY, name, KeyType.PORT, SetContent.roomFor(elements.size()), "");
    sets.putIfAbsent(name, new SetContent(set, new Members.Listed(elements)));
  }

  private static List<Expression> protocol(Protocol protocol, Orientation orientation) {
    return List.of(orientation.protocol(), Matching.equal(Matching.number(protocol)));
  }

  /// Every protocol but TCP, UDP and SCTP (S72).
  private static List<Expression> noPorts(Orientation orientation) {
    List<Expression> out = new ArrayList<>();
    for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP)) {
      out.add(orientation.protocol());
      out.add(Matching.notEqual(Matching.number(protocol)));
    }
    return out;
  }

  private <R> String intervals(
      String name, KeyType key, List<R> ranges, Function<R, Bytes> first, Function<R, Bytes> last) {
    List<NftElement> elements = new ArrayList<>();
    for (R range : ranges) {
      elements.add(NftElement.of(first.apply(range)));
      Bytes end = last.apply(range).next();
      if (end.length() > 0) {
        elements.add(NftElement.endOfInterval(end));
      }
    }
    sets.computeIfAbsent(
        name,
        n ->
            new SetContent(
                NftSet.intervals(Names.POLICY, n, key, ""),
                new Members.Listed(Set.copyOf(elements))));
    return name;
  }

  private void put(String name, List<NftRule> rules) {
    chains.put(name, new ChainContent(NftChain.regular(Names.POLICY, name), rules));
  }

  private static NftRule rule(String chain, List<Expression> conditions, Verdict verdict) {
    return new NftRule(
        Names.POLICY, chain, Matching.all(conditions, List.of(new Expression.Judge(verdict))), "");
  }
}
