package dev.ringfence.core.answer;

import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.compiled.Row;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Whose unknown address may matter: an `ipBlock` that does not match it might match the one it
/// gets (S112), and then more could pass.
final class Doubts {
  /// Beyond so many questions everybody without an address is named.
  private static final long MOST = 2_000_000;

  private final List<Endpoint> ends;
  private final Interned ports;
  private final BitSet unknown = new BitSet();
  private final BitSet found = new BitSet();

  private Doubts(List<Endpoint> ends, Interned ports) {
    this.ends = ends;
    this.ports = ports;
    for (int end = 0; end < ends.size(); end++) {
      unknown.set(end, ends.get(end) instanceof Endpoint.OfPod(var pod, var at) && at.isEmpty());
    }
  }

  /// The ends among these.
  static BitSet of(List<Endpoint> ends, Half egress, Half ingress, Interned ports) {
    Doubts doubts = new Doubts(ends, ports);
    if (!doubts.unknown.isEmpty()) {
      doubts.look(egress, ingress);
      doubts.look(ingress, egress);
    }
    return doubts.found;
  }

  /// @param own the sides whose rules name addresses
  /// @param other the other side of each pair
  private void look(Half own, Half other) {
    IdentityHashMap<Row, BitSet> members = new IdentityHashMap<>();
    for (int end = 0; end < ends.size(); end++) {
      members.computeIfAbsent(own.rows.get(end), row -> new BitSet()).set(end);
    }
    long questions = (long) members.size() * unknown.cardinality();
    for (Map.Entry<Row, BitSet> one : members.entrySet()) {
      int most = ports.number(one.getKey().byAddress());
      if (most != Interned.NONE) {
        if (questions > MOST) {
          found.or(unknown);
          return;
        }
        look(one.getKey(), one.getValue(), most, other);
      }
    }
  }

  private void look(Row row, BitSet members, int most, Half other) {
    for (int end = unknown.nextSetBit(0); end >= 0; end = unknown.nextSetBit(end + 1)) {
      if (!found.get(end)) {
        int gain = ports.number(ports.get(most).minus(now(row, end)));
        found.set(end, gain != Interned.NONE && lets(other, end, gain, members));
      }
    }
  }

  private static PortSet now(Row row, int end) {
    for (Row.Part part : row.parts()) {
      if (part.ends().contains(end)) {
        return part.ports();
      }
    }
    return PortSet.NONE;
  }

  /// Whether the end's own side lets any of these ports through for anybody else of `members`.
  private boolean lets(Half side, int end, int gain, BitSet members) {
    List<Row.Part> parts = side.rows.get(end).parts();
    int[] numbers = side.numbers(end);
    for (int i = 0; i < numbers.length; i++) {
      if (ports.common(numbers[i], gain) != Interned.NONE) {
        BitSet both = parts.get(i).ends().toBitSet();
        both.and(members);
        both.clear(end);
        if (!both.isEmpty()) {
          return true;
        }
      }
    }
    return false;
  }
}
