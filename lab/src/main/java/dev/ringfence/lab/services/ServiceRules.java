package dev.ringfence.lab.services;

import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.lab.scenario.Backend;
import dev.ringfence.lab.scenario.Door;
import dev.ringfence.lab.scenario.ServiceProbes;
import dev.ringfence.lab.scenario.Spread;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.Expression;
import dev.ringfence.nftables.netlink.Expression.ConnectionKey;
import dev.ringfence.nftables.netlink.Expression.Header;
import dev.ringfence.nftables.netlink.Expression.MetaKey;
import dev.ringfence.nftables.netlink.Expression.Operator;
import dev.ringfence.nftables.netlink.Expression.RejectWith;
import dev.ringfence.nftables.netlink.Expression.Side;
import dev.ringfence.nftables.netlink.Expression.Translation;
import dev.ringfence.nftables.netlink.KeyType;
import dev.ringfence.nftables.netlink.NftChain;
import dev.ringfence.nftables.netlink.NftChain.Hook;
import dev.ringfence.nftables.netlink.NftElement;
import dev.ringfence.nftables.netlink.NftRule;
import dev.ringfence.nftables.netlink.NftSet;
import dev.ringfence.nftables.netlink.Verdict;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Works out one node's Service table.
///
/// A packet's destination leads by a map to the chain that spreads over the door's backends, by the
/// source port or address, and from there to the chain that gives it the backend's address. What is
/// for a Service and leads nowhere is rejected; what must stay on this node and finds nobody here
/// is dropped, as a proxy on a real node does. A pod that reached itself, and whoever came in by a
/// node's port, gets the node's address as its source, after policies have judged.
final class ServiceRules {
  private static final int BEFORE_FILTER = -100;
  private static final int AFTER_FILTER = 100;
  private static final int ADDRESS = 1;

  /// A second field behind an address of 4 or of 16 bytes, and a third.
  private static final int SECOND_4 = 9;

  private static final int THIRD_4 = 10;
  private static final int SECOND_6 = 2;
  private static final int THIRD_6 = 13;

  private static final String SERVICES = "services";
  private static final String NOBODY = "nobody";
  private static final String NOT_HERE = "not_here";
  private static final NftChain DISPATCH = NftChain.regular(ServiceTable.NAME, SERVICES);
  private static final NftChain REJECT = NftChain.regular(ServiceTable.NAME, NOBODY);
  private static final NftChain DROP = NftChain.regular(ServiceTable.NAME, NOT_HERE);
  private static final NftChain AFTER =
      NftChain.translating(ServiceTable.NAME, "postrouting", Hook.POSTROUTING, AFTER_FILTER);

  private final Node node;
  private final Map<Family, List<NftElement>> doors = new EnumMap<>(Family.class);
  private final Map<Family, Set<Bytes>> addresses = new EnumMap<>(Family.class);
  private final Map<Family, Set<Bytes>> themselves = new EnumMap<>(Family.class);
  private final Map<Family, Set<Bytes>> own = new EnumMap<>(Family.class);
  private int parted;
  private final Map<Target, NftChain> targets = new LinkedHashMap<>();
  private final Map<Leading, NftChain> spreads = new LinkedHashMap<>();
  private final List<ServiceTable.Listed> sets = new ArrayList<>();
  private final List<NftChain> chains = new ArrayList<>(List.of(DISPATCH, REJECT, DROP));
  private final List<NftRule> rules = new ArrayList<>();
  private final List<NftRule> masquerades = new ArrayList<>();

  private record Target(Protocol protocol, Address address, int port) {}

  private record Leading(List<Target> to, boolean sticky) {}

  ServiceRules(Node node) {
    this.node = node;
    for (Family family : Family.values()) {
      doors.put(family, new ArrayList<>());
      addresses.put(family, new LinkedHashSet<>());
      themselves.put(family, new LinkedHashSet<>());
      own.put(family, new LinkedHashSet<>());
    }
    node.addresses().forEach(this::own);
  }

  /// A door that is this node's or everybody's.
  void door(Door door) {
    Family family = door.address().family();
    Bytes address = Bytes.copyOf(door.address().bytes());
    if (door.node().isEmpty()) {
      of(addresses, family).add(address);
    }
    Bytes key =
        address
            .then(Bytes.of(number(door.protocol()), 0, 0, 0))
            .then(Bytes.of(door.number() >>> 8, door.number(), 0, 0));
    of(doors, family).add(NftElement.of(key, new Verdict.Goto(leading(door).name())));
    if (!door.keepsSource() && !door.backends().isEmpty()) {
      masquerade(door);
    }
  }

  private NftChain leading(Door door) {
    List<Backend> inside = door.backends(Optional.of(node.name()));
    List<Backend> others = door.node().isPresent() ? door.backends(Optional.empty()) : inside;
    return inside.equals(others) ? leading(door, inside) : parted(door, inside, others);
  }

  private NftChain leading(Door door, List<Backend> some) {
    if (door.backends().isEmpty()) {
      return REJECT;
    }
    return some.isEmpty() ? DROP : spread(door, some);
  }

  /// The chain that tells this node's own clients from others.
  private NftChain parted(Door door, List<Backend> inside, List<Backend> others) {
    NftChain made = NftChain.regular(ServiceTable.NAME, "local_" + ++parted);
    chains.add(made);
    Family family = door.address().family();
    boolean v4 = family == Family.IPV4;
    NftChain toAll = leading(door, inside);
    rule(
        made,
        new Expression.Payload(Header.NETWORK, v4 ? 12 : 8, v4 ? 4 : 16, ADDRESS),
        new Expression.InSet("own_" + digit(family), ADDRESS, false),
        new Expression.Judge(new Verdict.Goto(toAll.name())));
    rule(made, new Expression.Judge(new Verdict.Goto(leading(door, others).name())));
    return made;
  }

  private void own(Address address) {
    of(own, address.family()).add(Bytes.copyOf(address.bytes()));
  }

  /// A pod of this node, which may reach itself through a Service.
  void ownPod(List<Address> all) {
    for (Address address : all) {
      Bytes bytes = Bytes.copyOf(address.bytes());
      of(themselves, address.family()).add(bytes.then(bytes));
      own(address);
    }
  }

  ServiceTable table() {
    for (Family family : Family.values()) {
      sets.add(plain("own_" + digit(family), List.of(KeyType.of(family)), of(own, family)));
      dispatch(family);
      itself(family);
    }
    rule(REJECT, new Expression.Reject(RejectWith.PORT_UNREACHABLE));
    rule(DROP, new Expression.Judge(new Verdict.Drop()));
    rules.addAll(masquerades);
    chains.add(AFTER);
    for (Hook hook : List.of(Hook.PREROUTING, Hook.OUTPUT)) {
      NftChain base =
          NftChain.translating(
              ServiceTable.NAME,
              hook == Hook.OUTPUT ? "output" : "prerouting",
              hook,
              BEFORE_FILTER);
      chains.add(base);
      rule(base, new Expression.Judge(new Verdict.Jump(SERVICES)));
    }
    return new ServiceTable(sets, chains, rules);
  }

  private void dispatch(Family family) {
    String map = "services_" + digit(family);
    String set = "addresses_" + digit(family);
    sets.add(
        new ServiceTable.Listed(
            new NftSet(
                ServiceTable.NAME,
                map,
                List.of(KeyType.of(family), KeyType.PROTOCOL, KeyType.PORT),
                false,
                Optional.of(new NftSet.Data.Verdicts()),
                OptionalInt.empty(),
                ""),
            of(doors, family)));
    sets.add(plain(set, List.of(KeyType.of(family)), of(addresses, family)));
    List<Expression> destination = destination(family);
    List<Expression> byMap = new ArrayList<>(destination);
    byMap.add(new Expression.Meta(MetaKey.PROTOCOL, family == Family.IPV4 ? SECOND_4 : SECOND_6));
    byMap.add(
        new Expression.Payload(Header.TRANSPORT, 2, 2, family == Family.IPV4 ? THIRD_4 : THIRD_6));
    byMap.add(new Expression.ByMap(map, ADDRESS));
    rule(DISPATCH, byMap.toArray(Expression[]::new));
    List<Expression> leadsNowhere = new ArrayList<>(destination);
    leadsNowhere.add(new Expression.InSet(set, ADDRESS, false));
    leadsNowhere.add(new Expression.Judge(new Verdict.Goto(NOBODY)));
    rule(DISPATCH, leadsNowhere.toArray(Expression[]::new));
  }

  private static List<Expression> destination(Family family) {
    boolean v4 = family == Family.IPV4;
    return List.of(
        new Expression.Meta(MetaKey.FAMILY, ADDRESS),
        equal(Bytes.of(v4 ? 2 : 10)),
        new Expression.Payload(Header.NETWORK, v4 ? 16 : 24, v4 ? 4 : 16, ADDRESS));
  }

  private void itself(Family family) {
    Optional<Address> own = ServiceProbes.first(node, family);
    if (own.isEmpty() || of(themselves, family).isEmpty()) {
      return;
    }
    String set = "itself_" + digit(family);
    KeyType type = KeyType.of(family);
    sets.add(plain(set, List.of(type, type), of(themselves, family)));
    ConnectionKey source =
        family == Family.IPV4 ? ConnectionKey.SOURCE_IPV4 : ConnectionKey.SOURCE_IPV6;
    rule(
        AFTER,
        new Expression.Connection(source, Optional.of(Side.ORIGINAL), ADDRESS),
        new Expression.Connection(
            source, Optional.of(Side.REPLY), family == Family.IPV4 ? SECOND_4 : SECOND_6),
        new Expression.InSet(set, ADDRESS, false),
        new Expression.Load(ADDRESS, Bytes.copyOf(own.get().bytes())),
        new Expression.Translate(Translation.SOURCE, family, ADDRESS, OptionalInt.empty()));
  }

  private void masquerade(Door door) {
    Family family = door.address().family();
    Address own = ServiceProbes.first(node, family).orElseThrow();
    ConnectionKey destination =
        family == Family.IPV4 ? ConnectionKey.DESTINATION_IPV4 : ConnectionKey.DESTINATION_IPV6;
    masquerades.add(
        new NftRule(
            ServiceTable.NAME,
            AFTER.name(),
            List.of(
                new Expression.Meta(MetaKey.PROTOCOL, ADDRESS),
                equal(Bytes.of(number(door.protocol()))),
                new Expression.Connection(destination, Optional.of(Side.ORIGINAL), ADDRESS),
                equal(Bytes.copyOf(door.address().bytes())),
                new Expression.Connection(
                    ConnectionKey.DESTINATION_PORT, Optional.of(Side.ORIGINAL), ADDRESS),
                equal(Bytes.ofShort(door.number())),
                new Expression.Load(ADDRESS, Bytes.copyOf(own.bytes())),
                new Expression.Translate(Translation.SOURCE, family, ADDRESS, OptionalInt.empty())),
            door.service().id()));
  }

  /// The chain that leads to some of this door's backends; doors with the same share it.
  private NftChain spread(Door door, List<Backend> some) {
    Spread spread = door.spread(some);
    List<Target> all = some.stream().map(one -> target(door.protocol(), one)).toList();
    Leading leading = new Leading(all, spread.sticky());
    NftChain known = spreads.get(leading);
    if (known != null) {
      return known;
    }
    String name = "spread_" + (spreads.size() + 1);
    NftChain made = NftChain.regular(ServiceTable.NAME, name);
    spreads.put(leading, made);
    List<NftElement> elements = new ArrayList<>();
    for (int slot = 0; slot < spread.slots(); slot++) {
      NftChain to = chain(all.get(spread.backendOf(slot)));
      elements.add(NftElement.of(Bytes.ofShort(spread.masked(slot)), new Verdict.Goto(to.name())));
    }
    sets.add(
        new ServiceTable.Listed(
            NftSet.verdicts(ServiceTable.NAME, "slots_" + spreads.size(), KeyType.PORT), elements));
    chains.add(made);
    rules.add(
        new NftRule(
            ServiceTable.NAME,
            name,
            List.of(
                client(door.address().family(), spread),
                new Expression.Mask(ADDRESS, Bytes.ofShort(spread.mask())),
                new Expression.ByMap("slots_" + spreads.size(), ADDRESS)),
            door.service().id()));
    return made;
  }

  /// What decides: the last two bytes of the source address, or the source port.
  private static Expression client(Family family, Spread spread) {
    if (!spread.sticky()) {
      return new Expression.Payload(Header.TRANSPORT, 0, 2, ADDRESS);
    }
    return new Expression.Payload(Header.NETWORK, family == Family.IPV4 ? 14 : 22, 2, ADDRESS);
  }

  private static Target target(Protocol protocol, Backend backend) {
    return new Target(protocol, backend.address(), backend.port());
  }

  private NftChain chain(Target target) {
    NftChain known = targets.get(target);
    if (known != null) {
      return known;
    }
    NftChain made = NftChain.regular(ServiceTable.NAME, "backend_" + (targets.size() + 1));
    targets.put(target, made);
    chains.add(made);
    rule(
        made,
        new Expression.Meta(MetaKey.PROTOCOL, ADDRESS),
        equal(Bytes.of(number(target.protocol()))),
        new Expression.Load(ADDRESS, Bytes.copyOf(target.address().bytes())),
        new Expression.Load(SECOND_6, Bytes.ofShort(target.port())),
        new Expression.Translate(
            Translation.DESTINATION, target.address().family(), ADDRESS, OptionalInt.of(SECOND_6)));
    return made;
  }

  private void rule(NftChain chain, Expression... expressions) {
    rules.add(new NftRule(ServiceTable.NAME, chain.name(), List.of(expressions), ""));
  }

  private static ServiceTable.Listed plain(String name, List<KeyType> key, Set<Bytes> members) {
    return new ServiceTable.Listed(
        new NftSet(ServiceTable.NAME, name, key, false, Optional.empty(), OptionalInt.empty(), ""),
        members.stream().map(NftElement::of).toList());
  }

  private static Expression equal(Bytes value) {
    return new Expression.Compare(ADDRESS, Operator.EQUAL, value);
  }

  private static <T> T of(Map<Family, T> byFamily, Family family) {
    T found = byFamily.get(family);
    if (found == null) {
      throw new IllegalStateException("nothing for " + family);
    }
    return found;
  }

  private static String digit(Family family) {
    return family == Family.IPV4 ? "4" : "6";
  }

  private static int number(Protocol protocol) {
    return switch (protocol) {
      case TCP -> 6;
      case UDP -> 17;
      case SCTP -> 132;
      case OTHER -> throw new IllegalArgumentException("a Service port of another protocol");
    };
  }
}
