package dev.ringfence.nftables.proof;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Bytes;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/// Listed addresses, such that all of a class are in the same sets and in the same segment.
///
/// Takes time in proportion to the members of all sets together. Numbered from 1.
final class AddressClasses {
  static final AddressClasses NONE =
      new AddressClasses(Family.IPV4, new Bytes[0], new IdentityHashMap<>(), Set.of());

  private final Family family;
  private final Address[] starts;
  private final Map<Address, Integer> numbers = new HashMap<>();
  private final Growing classOf = new Growing();
  private final Growing sizes = new Growing();
  private final Growing segments = new Growing();
  private final Growing examples = new Growing();
  private Address[] addresses = new Address[16];
  private final BitSet full = new BitSet();

  /// By number from 1: the class that has it; and the other way.
  private final Growing inOrder = new Growing();

  private int[] order = {};

  /// A list of numbers.
  private static final class Growing {
    private int[] all = new int[16];
    private int size;

    void add(int value) {
      if (size == all.length) {
        all = Arrays.copyOf(all, 2 * size);
      }
      all[size++] = value;
    }

    int get(int at) {
      return all[at];
    }

    void set(int at, int value) {
      all[at] = value;
    }
  }

  /// @param segmentStarts ascending, the first the least address
  /// @param sets whose parts are settled here
  /// @param first members whose classes come first
  AddressClasses(
      Family family,
      Bytes[] segmentStarts,
      IdentityHashMap<Set<Address>, Part> sets,
      Set<Address> first) {
    this.family = family;
    this.starts =
        Arrays.stream(segmentStarts)
            .map(one -> Address.ofBytes(one.toArray()))
            .toArray(Address[]::new);
    Map<Part, int[]> members = new HashMap<>();
    sets.forEach((set, part) -> members.put(part, refine(set)));
    number(first);
    members.forEach((part, numbersOf) -> {
      BitSet classes = new BitSet();
      for (int number : numbersOf) {
        classes.set(order[classOf.get(number)]);
      }
      part.settle(classes);
    });
    findFullSegments();
  }

  private void number(Set<Address> first) {
    order = new int[sizes.size];
    for (Address address : first) {
      Integer number = numbers.get(address);
      if (number != null) {
        number(classOf.get(number));
      }
    }
    for (int i = 0; i < sizes.size; i++) {
      if (sizes.get(i) > 0) {
        number(i);
      }
    }
  }

  private void number(int of) {
    if (order[of] == 0) {
      inOrder.add(of);
      order[of] = inOrder.size;
    }
  }

  /// Parts the members of a set from the rest of their classes.
  private int[] refine(Set<Address> set) {
    int[] out = new int[set.size()];
    int count = 0;
    Map<Integer, Integer> moved = new HashMap<>();
    for (Address address : set) {
      if (address.family() == family) {
        out[count++] = move(address, moved);
      }
    }
    return Arrays.copyOf(out, count);
  }

  /// An address that is new was in no set so far: its class is its segment, written as -1 - it.
  private int move(Address address, Map<Integer, Integer> moved) {
    Integer known = numbers.get(address);
    int number = known == null ? numberOf(address) : known;
    int from = known == null ? -1 - segment(address) : classOf.get(number);
    Integer to = moved.get(from);
    if (to == null) {
      to = newClass(from < 0 ? -1 - from : segments.get(from), number);
      moved.put(from, to);
    }
    if (from >= 0) {
      sizes.set(from, sizes.get(from) - 1);
    }
    sizes.set(to, sizes.get(to) + 1);
    classOf.set(number, to);
    return number;
  }

  private int numberOf(Address address) {
    int number = numbers.size();
    numbers.put(address, number);
    classOf.add(-1);
    if (number == addresses.length) {
      addresses = Arrays.copyOf(addresses, 2 * number);
    }
    addresses[number] = address;
    return number;
  }

  private int newClass(int segment, int example) {
    sizes.add(0);
    segments.add(segment);
    examples.add(example);
    return sizes.size - 1;
  }

  private int segment(Address address) {
    int at = Arrays.binarySearch(starts, address);
    return at >= 0 ? at : -at - 2;
  }

  /// Segments all of whose addresses are listed.
  private void findFullSegments() {
    long[] listed = new long[starts.length];
    for (int i = 0; i < sizes.size; i++) {
      listed[segments.get(i)] += sizes.get(i);
    }
    for (int i = 0; i < starts.length; i++) {
      if (listed[i] > 0 && listed[i] == room(i)) {
        full.set(i);
      }
    }
  }

  /// How many addresses a segment has, at most `Long.MAX_VALUE`.
  private long room(int segment) {
    Address first = starts[segment];
    if (segment + 1 == starts.length) {
      return family == Family.IPV4 ? (1L << 32) - first.low() : Long.MAX_VALUE;
    }
    Address next = starts[segment + 1];
    long apart = next.low() - first.low();
    boolean near = next.high() == first.high() && apart > 0;
    return near ? apart : Long.MAX_VALUE;
  }

  int count() {
    return inOrder.size;
  }

  /// Adds the listed classes whose segments are there, and takes out segments that have no other
  /// addresses.
  void addThoseIn(BitSet classes) {
    for (int i = 0; i < inOrder.size; i++) {
      int segment = segments.get(inOrder.get(i));
      if (classes.get(1 + inOrder.size + segment)) {
        classes.set(1 + i);
      }
    }
    removeFull(classes);
  }

  /// Takes out segments all of whose addresses are listed.
  void removeFull(BitSet classes) {
    for (int at = full.nextSetBit(0); at >= 0; at = full.nextSetBit(at + 1)) {
      classes.clear(1 + inOrder.size + at);
    }
  }

  Address member(int number) {
    int of = inOrder.get(number - 1);
    int example = examples.get(of);
    if (classOf.get(example) == of) {
      return addresses[example];
    }
    for (int i = 0; i < numbers.size(); i++) {
      if (classOf.get(i) == of) {
        return addresses[i];
      }
    }
    throw new IllegalArgumentException("no address of class " + number);
  }

  boolean isMember(Bytes value) {
    return !numbers.isEmpty() && numbers.containsKey(Address.ofBytes(value.toArray()));
  }
}
