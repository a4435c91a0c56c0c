package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.NodePolicy.Admission;
import dev.ringfence.core.compiled.NodePolicy.Group;
import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.PortRange;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.nftables.netlink.Bytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// How a group's admissions are looked up in one family: one after the other, or, where they are
/// many with few ports each, together in one set of `address . protocol . port`.
///
/// @param apart each by its own set of peers
record Profiles(List<Admission> apart, Optional<Together> together) {
  /// As many lookups cost more than the one.
  static final int FEWEST = 8;

  /// A peer with more ports takes too many elements.
  static final int MOST_PORTS = 16;

  private static final List<Protocol> WITH_PORTS =
      List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP);

  Profiles {
    apart = List.copyOf(apart);
  }

  /// Admissions looked up at once.
  ///
  /// @param name of the set of `address . protocol . port`
  /// @param known name of the set of all their peers, whom no span judges; empty where no span lets
  ///   anybody in
  /// @param admissions by the id of their sets
  /// @param ports of each admission: protocol and port, padded to be the end of a key
  record Together(
      String name,
      Optional<String> known,
      Family family,
      List<Admission> admissions,
      List<List<Bytes>> ports) {
    static Together of(List<Admission> some, boolean spansMatter, Family family) {
      List<Admission> sorted =
          some.stream().sorted(Comparator.comparing(Admission::setId)).toList();
      String content = sorted.toString();
      String peers = sorted.stream().map(Admission::setId).collect(Collectors.joining(" "));
      return new Together(
          Names.allowed(content, family),
          spansMatter ? Optional.of(Names.known(peers, family)) : Optional.empty(),
          family,
          sorted,
          sorted.stream().map(one -> keys(one.ports())).toList());
    }
  }

  private static List<Bytes> keys(PortSet ports) {
    List<Bytes> out = new ArrayList<>();
    for (Protocol protocol : WITH_PORTS) {
      for (PortRange range : ports.ranges(protocol)) {
        for (int port = range.first(); port <= range.last(); port++) {
          out.add(Matching.number(protocol).padded(4).then(Bytes.ofShort(port).padded(4)));
        }
      }
    }
    return List.copyOf(out);
  }

  /// @param small whether the peers of an admission with few ports are few enough, too
  static Profiles of(Group group, Family family, Predicate<Admission> small) {
    List<Admission> apart = new ArrayList<>();
    List<Admission> some = new ArrayList<>();
    for (Admission one : group.pods()) {
      (hasFewPorts(one.ports()) && small.test(one) ? some : apart).add(one);
    }
    if (some.size() < FEWEST) {
      return apart(group);
    }
    boolean spansMatter =
        group.spans().stream()
            .filter(span -> !span.ports().isNone())
            .flatMap(span -> span.ranges().stream())
            .anyMatch(range -> range.family() == family);
    return new Profiles(apart, Optional.of(Together.of(some, spansMatter, family)));
  }

  /// Each by its own set.
  static Profiles apart(Group group) {
    return new Profiles(group.pods(), Optional.empty());
  }

  /// None at all is few, too.
  private static boolean hasFewPorts(PortSet ports) {
    return !ports.other() && count(ports) <= MOST_PORTS;
  }

  /// How many ports of all protocols.
  static int count(PortSet ports) {
    int count = 0;
    for (Protocol protocol : WITH_PORTS) {
      for (PortRange range : ports.ranges(protocol)) {
        count += range.last() - range.first() + 1;
      }
    }
    return count;
  }
}
