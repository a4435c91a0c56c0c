package dev.ringfence.nftables.proof;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The values that a field of a packet can have, cut into classes that no question tells apart.
///
/// First all questions are asked, then [#settle] cuts: class 0 is a packet that lacks the field,
/// then come the classes of listed addresses, then the segments between the ends of all ranges.
final class Domain {
  /// The class of packets that do not have the field.
  static final int LACKING = 0;

  private final int length;
  private final Optional<Family> addresses;
  private final TreeSet<Bytes> cuts = new TreeSet<>();
  private final Map<List<Range>, Part> byRanges = new HashMap<>();
  private final IdentityHashMap<Set<Address>, Part> byMembers = new IdentityHashMap<>();
  private Bytes[] starts = {};
  private AddressClasses listed = AddressClasses.NONE;
  private final Set<Address> first = new LinkedHashSet<>();

  private Domain(int length, Optional<Family> addresses) {
    this.length = length;
    this.addresses = addresses;
    cuts.add(Bytes.copyOf(new byte[length]));
  }

  /// Values of so many bytes.
  static Domain ofBytes(int length) {
    return new Domain(length, Optional.empty());
  }

  static Domain ofAddresses(Family family) {
    return new Domain(family.bits() / 8, Optional.of(family));
  }

  int length() {
    return length;
  }

  /// Whether members of sets of addresses may be asked for.
  boolean isOfAddresses() {
    return addresses.isPresent();
  }

  Part only(Bytes value) {
    return in(List.of(Range.only(value)));
  }

  Part in(List<Range> ranges) {
    return byRanges.computeIfAbsent(
        List.copyOf(ranges),
        all -> {
          for (Range range : all) {
            cuts.add(range.first());
            Bytes after = range.last().next();
            if (after.length() > 0) {
              cuts.add(after);
            }
          }
          return new Part();
        });
  }

  /// Members of the domain's family; those of the other are passed over.
  Part among(Set<Address> members) {
    return byMembers.computeIfAbsent(members, _ -> new Part());
  }

  /// Addresses that are asked for most: their classes get the lowest numbers.
  void first(Collection<Address> some) {
    some.stream()
        .filter(one -> addresses.filter(one.family()::equals).isPresent())
        .forEach(first::add);
  }

  /// Cuts, and answers every question; once.
  void settle() {
    if (starts.length > 0) {
      return;
    }
    starts = cuts.toArray(Bytes[]::new);
    listed =
        addresses.isEmpty()
            ? AddressClasses.NONE
            : new AddressClasses(addresses.get(), starts, byMembers, first);
    byRanges.forEach((ranges, part) -> part.settle(classes(ranges)));
  }

  private BitSet classes(List<Range> ranges) {
    BitSet out = new BitSet();
    for (Range range : ranges) {
      int firstClass = classOf(range.first());
      int lastClass = classOf(range.last());
      out.set(firstClass, lastClass + 1);
    }
    listed.addThoseIn(out);
    return out;
  }

  private int segment(Bytes value) {
    int at = Arrays.binarySearch(starts, value);
    return at >= 0 ? at : -at - 2;
  }

  /// The class of a value; not for addresses that are listed.
  int classOf(Bytes value) {
    return listed.count() + segment(value) + 1;
  }

  /// Every class with a value in it, and the one without.
  BitSet all() {
    BitSet out = new BitSet();
    out.set(0, 1 + starts.length + listed.count());
    listed.removeFull(out);
    return out;
  }

  /// Every class but the one that lacks the field.
  BitSet present() {
    BitSet out = all();
    out.clear(LACKING);
    return out;
  }

  int count() {
    return present().cardinality();
  }

  /// A value of the class; the first of `wished` that is in it, where there is one.
  Bytes sample(int of, List<Bytes> wished) {
    if (of <= listed.count()) {
      return Bytes.copyOf(listed.member(of).bytes());
    }
    int segment = of - 1 - listed.count();
    List<Bytes> tries = new ArrayList<>(wished);
    tries.add(starts[segment]);
    for (Bytes one : tries) {
      if (segment(one) == segment && !listed.isMember(one)) {
        return one;
      }
    }
    Bytes at = starts[segment];
    while (listed.isMember(at)) {
      at = at.next();
    }
    return at;
  }
}
