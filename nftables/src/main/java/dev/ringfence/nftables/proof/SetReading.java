package dev.ringfence.nftables.proof;

import dev.ringfence.core.model.Address;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.NftElement;
import dev.ringfence.nftables.netlink.Verdict;
import dev.ringfence.nftables.table.Members;
import dev.ringfence.nftables.table.SetContent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// What is in a set or map of the kernel.
final class SetReading {
  private SetReading() {}

  /// The addresses of a plain set, where it lists addresses.
  static Optional<Set<Address>> addresses(SetContent set) {
    return set.members() instanceof Members.Addresses(_, var among)
        ? Optional.of(among)
        : Optional.empty();
  }

  /// The keys of a set of one field.
  static List<Range> ranges(SetContent set) {
    return set.set().interval() ? intervals(set) : keys(set);
  }

  private static List<Range> keys(SetContent set) {
    List<Range> out = new ArrayList<>();
    elements(set).forEach(one -> out.add(Range.only(one.key())));
    return out;
  }

  private static List<NftElement> elements(SetContent set) {
    List<NftElement> out = new ArrayList<>();
    set.members().elements().forEachRemaining(out::add);
    return out;
  }

  /// Where one range begins as another ends, the beginning counts, as in the kernel's tree.
  private static List<Range> intervals(SetContent set) {
    TreeMap<Bytes, Boolean> begins = new TreeMap<>();
    elements(set).forEach(one -> begins.merge(one.key(), !one.endsInterval(), Boolean::logicalOr));
    List<Range> out = new ArrayList<>();
    for (Map.Entry<Bytes, Boolean> at : begins.entrySet()) {
      if (at.getValue()) {
        Bytes next = begins.higherKey(at.getKey());
        Bytes last = next == null ? most(at.getKey().length()) : next.previous();
        out.add(new Range(at.getKey(), last));
      }
    }
    return out;
  }

  private static Bytes most(int length) {
    byte[] out = new byte[length];
    java.util.Arrays.fill(out, (byte) 0xFF);
    return Bytes.copyOf(out);
  }

  /// The keys of a verdict map of one field, by verdict; empty where it is another kind of map.
  static Optional<Map<Verdict, List<Range>>> verdicts(SetContent map) {
    Map<Verdict, List<Range>> out = new LinkedHashMap<>();
    for (NftElement one : elements(map)) {
      Optional<Verdict> verdict =
          one.data()
              .filter(NftElement.Data.ToVerdict.class::isInstance)
              .map(data -> ((NftElement.Data.ToVerdict) data).verdict());
      if (verdict.isEmpty() || map.set().interval()) {
        return Optional.empty();
      }
      out.computeIfAbsent(verdict.get(), v -> new ArrayList<>()).add(Range.only(one.key()));
    }
    return Optional.of(out);
  }
}
