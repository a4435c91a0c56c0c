package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.AddressSet;
import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.NodePolicy.Admission;
import dev.ringfence.core.compiled.NodePolicy.Group;
import dev.ringfence.core.compiled.NodePolicy.LocalPod;
import dev.ringfence.core.compiled.NodePolicy.PeerSet;
import dev.ringfence.core.compiled.NodePolicy.Span;
import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.AddressRange;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.PortRange;
import dev.ringfence.core.model.Protocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A pod that admits so many sets of peers, each at ports of its own: set `i` at TCP `1000 + i` and
/// UDP 53, and set 0 at any port of TCP as well.
///
/// @param open whether anybody else is let in at TCP 80
public record Crowd(int sets, int peers, boolean open) {
  public static final Address POD_4 = Address.of("10.1.0.1");
  public static final Address POD_6 = Address.of("fd01::1");

  public static int port(int set) {
    return 1_000 + set;
  }

  /// One peer of a set.
  public static Address peer(Family family, int set, int number) {
    return family == Family.IPV4
        ? Address.ofV4((10 << 24) + ((set + 16) << 16) + number)
        : Address.ofV6(0xfd02L << 48 | set, number + 1L);
  }

  public NodePolicy policy() {
    List<Admission> admissions = new ArrayList<>();
    Map<String, PeerSet> all = new HashMap<>();
    for (int i = 0; i < sets; i++) {
      PortSet ports =
          PortSet.of(Protocol.TCP, PortRange.only(port(i)))
              .union(PortSet.of(Protocol.UDP, PortRange.only(53)));
      admissions.add(
          new Admission(
              "s" + i, i == 0 ? ports.union(PortSet.of(Protocol.TCP, PortRange.ALL)) : ports));
      all.put("s" + i, set(i, peers(i)));
    }
    Span anybody =
        new Span(
            List.of(AddressRange.all(Family.IPV4), AddressRange.all(Family.IPV6)),
            PortSet.of(Protocol.TCP, PortRange.only(80)));
    Group group =
        new Group(
            "in",
            Direction.INGRESS,
            List.of("networkpolicy/test/crowd"),
            admissions,
            open ? List.of(anybody) : List.of());
    LocalPod pod =
        new LocalPod(
            new ObjectName("test", "pod"),
            List.of(POD_4, POD_6),
            Optional.of("in"),
            Optional.empty());
    return new NodePolicy("node-1", List.of(pod), Map.of("in", group), all);
  }

  private static PeerSet set(int number, List<Address> peers) {
    return new PeerSet("s" + number, "set " + number, AddressSet.of(peers));
  }

  /// The same policy with other peers in one set; all else is the same object.
  public static NodePolicy with(NodePolicy policy, int number, List<Address> peers) {
    Map<String, PeerSet> sets = Map.of("s" + number, set(number, peers));
    return new NodePolicy(policy.node(), policy.pods(), policy.groups(), policy.sets().with(sets));
  }

  public List<Address> peers(int set) {
    List<Address> out = new ArrayList<>();
    for (int i = 0; i < peers; i++) {
      out.add(peer(Family.IPV4, set, i));
      out.add(peer(Family.IPV6, set, i));
    }
    return out;
  }
}
