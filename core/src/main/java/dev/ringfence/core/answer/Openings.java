package dev.ringfence.core.answer;

import dev.ringfence.core.model.Family;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What families say together: one opening where they agree, else one for each port set.
final class Openings {
  static final int IPV4 = 1;
  static final int IPV6 = 2;
  private static final int BOTH = IPV4 | IPV6;

  private final Interned ports;
  private final Map<Long, List<Opening>> known = new HashMap<>();

  Openings(Interned ports) {
    this.ports = ports;
  }

  /// @param v4 number of the port set over IPv4, likewise `v6`, and `nowhere` for two ends whose
  ///   addresses nobody knows
  /// @param from families of one end, none where its address is unknown; likewise `to`
  List<Opening> of(int v4, int v6, int nowhere, int from, int to) {
    int common = (from == 0 ? BOTH : from) & (to == 0 ? BOTH : to);
    if (from == 0 && to == 0) {
      return same(nowhere);
    }
    if (common == BOTH && v4 != v6) {
      return known.computeIfAbsent((long) v4 << 32 | v6, key -> apart(v4, v6));
    }
    return same(common == IPV6 ? v6 : v4);
  }

  private List<Opening> same(int number) {
    return known.computeIfAbsent(
        (long) number << 32 | number,
        key ->
            number == Interned.NONE
                ? List.of()
                : List.of(new Opening(ports.get(number), List.of())));
  }

  private List<Opening> apart(int v4, int v6) {
    List<Opening> out = new ArrayList<>();
    if (v4 != Interned.NONE) {
      out.add(new Opening(ports.get(v4), List.of(Family.IPV4)));
    }
    if (v6 != Interned.NONE) {
      out.add(new Opening(ports.get(v6), List.of(Family.IPV6)));
    }
    return List.copyOf(out);
  }
}
