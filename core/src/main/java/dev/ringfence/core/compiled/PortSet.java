package dev.ringfence.core.compiled;

import dev.ringfence.core.model.PortRange;
import dev.ringfence.core.model.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.StringJoiner;

/// Ports of TCP, UDP and SCTP, and one bit for every other protocol together.
///
/// Each list is sorted, disjoint and not adjacent, so equal sets are equal values.
public record PortSet(
    List<PortRange> tcp, List<PortRange> udp, List<PortRange> sctp, boolean other) {
  public static final PortSet NONE = new PortSet(List.of(), List.of(), List.of(), false);
  public static final PortSet ALL =
      new PortSet(List.of(PortRange.ALL), List.of(PortRange.ALL), List.of(PortRange.ALL), true);

  public PortSet {
    tcp = normal(tcp);
    udp = normal(udp);
    sctp = normal(sctp);
  }

  /// Ports of one protocol; not for [Protocol#OTHER].
  public static PortSet of(Protocol protocol, PortRange... ranges) {
    List<PortRange> list = List.of(ranges);
    return switch (protocol) {
      case TCP -> new PortSet(list, List.of(), List.of(), false);
      case UDP -> new PortSet(List.of(), list, List.of(), false);
      case SCTP -> new PortSet(List.of(), List.of(), list, false);
      case OTHER -> throw new IllegalArgumentException("other protocols have no ports");
    };
  }

  /// The ranges of one protocol; none for [Protocol#OTHER].
  public List<PortRange> ranges(Protocol protocol) {
    return switch (protocol) {
      case TCP -> tcp;
      case UDP -> udp;
      case SCTP -> sctp;
      case OTHER -> List.of();
    };
  }

  /// Whether a connection to this port is in the set.
  ///
  /// @param port empty for a protocol without ports
  public boolean contains(Protocol protocol, OptionalInt port) {
    return protocol.hasPorts()
        ? port.isPresent()
            && ranges(protocol).stream().anyMatch(range -> range.contains(port.getAsInt()))
        : other;
  }

  public boolean isNone() {
    return equals(NONE);
  }

  public boolean isAll() {
    return equals(ALL);
  }

  public PortSet union(PortSet with) {
    return new PortSet(
        joined(tcp, with.tcp), joined(udp, with.udp), joined(sctp, with.sctp), other || with.other);
  }

  public PortSet intersect(PortSet with) {
    return new PortSet(
        common(tcp, with.tcp), common(udp, with.udp), common(sctp, with.sctp), other && with.other);
  }

  public PortSet minus(PortSet without) {
    return intersect(without.complement());
  }

  public PortSet complement() {
    return new PortSet(gaps(tcp), gaps(udp), gaps(sctp), !other);
  }

  private static List<PortRange> joined(List<PortRange> a, List<PortRange> b) {
    List<PortRange> all = new ArrayList<>(a);
    all.addAll(b);
    return all;
  }

  private static List<PortRange> common(List<PortRange> a, List<PortRange> b) {
    List<PortRange> out = new ArrayList<>();
    for (PortRange left : a) {
      for (PortRange right : b) {
        int first = Math.max(left.first(), right.first());
        int last = Math.min(left.last(), right.last());
        if (first <= last) {
          out.add(new PortRange(first, last));
        }
      }
    }
    return out;
  }

  private static List<PortRange> gaps(List<PortRange> ranges) {
    List<PortRange> out = new ArrayList<>();
    int next = 1;
    for (PortRange range : ranges) {
      if (next < range.first()) {
        out.add(new PortRange(next, range.first() - 1));
      }
      next = range.last() + 1;
    }
    if (next <= 65_535) {
      out.add(new PortRange(next, 65_535));
    }
    return out;
  }

  private static List<PortRange> normal(List<PortRange> ranges) {
    if (ranges.size() < 2) {
      return List.copyOf(ranges);
    }
    List<PortRange> sorted = new ArrayList<>(ranges);
    sorted.sort(null);
    List<PortRange> out = new ArrayList<>();
    PortRange open = sorted.getFirst();
    for (PortRange range : sorted) {
      if (range.first() <= open.last() + 1) {
        open = new PortRange(open.first(), Math.max(open.last(), range.last()));
      } else {
        out.add(open);
        open = range;
      }
    }
    out.add(open);
    return List.copyOf(out);
  }

  /// `TCP 80,443; UDP 53; other`, `all` or `none`.
  @Override
  public String toString() {
    if (isAll() || isNone()) {
      return isAll() ? "all" : "none";
    }
    StringJoiner out = new StringJoiner("; ");
    for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP)) {
      List<PortRange> ranges = ranges(protocol);
      if (!ranges.isEmpty()) {
        StringJoiner ports = new StringJoiner(",");
        ranges.forEach(range -> ports.add(range.equals(PortRange.ALL) ? "*" : range.toString()));
        out.add(protocol + " " + ports);
      }
    }
    if (other) {
      out.add("other");
    }
    return out.toString();
  }
}
