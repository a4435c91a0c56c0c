package dev.ringfence.nftables.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.NodePolicy.Admission;
import dev.ringfence.core.compiled.NodePolicy.Group;
import dev.ringfence.core.compiled.NodePolicy.LocalPod;
import dev.ringfence.core.compiled.NodePolicy.PeerSet;
import dev.ringfence.core.compiled.NodePolicy.Span;
import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.AddressRange;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.PortRange;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.nftables.netlink.NftCounter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever else changes: a packet that is permitted before and after is never denied in between.
/// The table counts what it denies.
@Tag("soak")
class ChangeTest {
  private static final int PORT = 5300;
  private static final int CHANGES = Boolean.getBoolean("ringfence.soak") ? 1_000 : 150;

  /// What is another with each change.
  enum What {
    /// Groups, sets, port sets and ranges, none of which stays what it was.
    EVERYTHING,
    /// A set that outgrows its room and shrinks far below it.
    ROOM,
    /// The pod's group is split and merged with another's.
    GROUPS,
    /// More and fewer sets of peers with ports of their own: looked up together, and each by
    /// itself.
    PROFILES
  }

  @ParameterizedTest
  @EnumSource(What.class)
  void noPacketNoticesAChange(What what) throws Exception {
    NftablesDataplaneTest.with(
        Rig.routed(3),
        DataplaneOptions.STANDARD,
        (rig, dataplane) -> {
          dataplane.apply(policy(rig, what, 0), rig.wires(), 1);
          Stream allowed = new Stream(rig.a(), rig.b(), rig.b().v4(), PORT);
          try (allowed) {
            for (int i = 1; i <= CHANGES; i++) {
              dataplane.apply(policy(rig, what, i), rig.wires(), 1 + i);
            }
          }
          assertEquals(0, dataplane.denied().stream().mapToLong(NftCounter.Value::packets).sum());
          assertThat(allowed.sent()).isGreaterThan(50);
          assertEquals(allowed.sent(), allowed.arrived());
          assertEquals(0, Comparison.count(dataplane.held(), dataplane.readBack().orElseThrow()));
        });
  }

  private static NodePolicy policy(Rig rig, What what, int number) {
    int name = what == What.ROOM ? 0 : number;
    PortSet ports =
        PortSet.of(
            Protocol.UDP, new PortRange(PORT - name % 50, PORT + 7), PortRange.only(9000 + name));
    String set = what == What.GROUPS ? "as" : "as" + name;
    Group in = group("in" + name, Direction.INGRESS, set, ports, name);
    Map<String, PeerSet> sets = new HashMap<>();
    if (what == What.PROFILES) {
      in = crowded(rig, in, number, sets);
    }
    Group out = group("out" + name, Direction.EGRESS, "bs", ports, name);
    List<LocalPod> pods = new ArrayList<>();
    for (TestPod pod : List.of(rig.a(), rig.b(), rig.c())) {
      boolean isB = pod.equals(rig.b());
      boolean alike = what == What.GROUPS && number % 2 == 0 && pod.equals(rig.c());
      pods.add(
          new LocalPod(
              pod.name(),
              List.of(pod.v4(), pod.v6()),
              isB || alike ? Optional.of("in" + name) : Optional.empty(),
              pod.equals(rig.a()) ? Optional.of(out.id()) : Optional.empty()));
    }
    Set<Address> members = new HashSet<>(Set.of(rig.a().v4(), rig.a().v6()));
    for (int i = 0; what == What.ROOM && number % 2 == 1 && i < 600; i++) {
      members.add(Address.ofV4((11 << 24) + i));
    }
    if (what != What.PROFILES) {
      sets.put(set, new PeerSet(set, "a and more", members));
    }
    sets.put("bs", new PeerSet("bs", "b", Set.of(rig.b().v4(), rig.b().v6())));
    return new NodePolicy("node-1", pods, Map.of(in.id(), in, out.id(), out), sets);
  }

  /// In every third policy too few sets to be looked up together; the sender is in another each
  /// time.
  private static Group crowded(Rig rig, Group like, int number, Map<String, PeerSet> sets) {
    int count = number % 3 == 0 ? 3 : 12;
    List<Admission> admissions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String id = "crowd" + i;
      PortSet port = PortSet.of(Protocol.UDP, PortRange.only(7000 + i));
      boolean own = i == number % count;
      sets.put(
          id,
          new PeerSet(
              id,
              "some",
              own
                  ? Set.of(rig.a().v4(), rig.a().v6())
                  : Set.of(Address.ofV4((11 << 24) + number * 16 + i))));
      admissions.add(
          new Admission(
              id, own ? port.union(PortSet.of(Protocol.UDP, PortRange.only(PORT))) : port));
    }
    return new Group(like.id(), like.direction(), like.policies(), admissions, like.spans());
  }

  private static Group group(
      String id, Direction direction, String set, PortSet ports, int number) {
    List<AddressRange> ranges = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ranges.add(Cidr.of("172." + (16 + i) + "." + number % 200 + ".0/24").range());
    }
    return new Group(
        id,
        direction,
        List.of("networkpolicy/test/" + id),
        List.of(new Admission(set, ports)),
        List.of(new Span(ranges, PortSet.ALL)));
  }
}
