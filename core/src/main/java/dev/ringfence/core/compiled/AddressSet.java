package dev.ringfence.core.compiled;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An immutable set of addresses whose versions share what they have in common.
///
/// One member more or less makes a new set at the cost of a few small arrays, whatever the size,
/// and [#missingFrom] tells two versions apart at the cost of their difference. A trie over the
/// address's hash, two bits a level, with leaves of up to 16 addresses; it takes 6 to 10 bytes a
/// member beside the addresses. Equal sets have equal shapes, however they came about.
@SuppressWarnings("ReferenceEquality") // of nodes: it says that nothing changed below
public final class AddressSet extends AbstractSet<Address> {
  private static final int WAYS = 4;
  private static final int LEAF = 16;

  /// No bits of the hash are left here, so a leaf may be larger.
  private static final int DEEPEST = 16;

  private static final Address[] NOTHING = {};

  public static final AddressSet EMPTY = new AddressSet(NOTHING, 0, 0);

  /// An `Address[]` is a leaf, any other array a branch of [#WAYS] nodes.
  private final Object root;

  private final int fours;
  private final int sixes;

  private AddressSet(Object root, int fours, int sixes) {
    this.root = root;
    this.fours = fours;
    this.sixes = sixes;
  }

  /// These addresses; the same object where it is one of these already.
  public static AddressSet of(Collection<Address> members) {
    if (members instanceof AddressSet set) {
      return set;
    }
    Collection<Address> distinct = members instanceof Set ? members : new HashSet<>(members);
    return ofDistinct(distinct.toArray(NOTHING));
  }

  public static AddressSet of(Address... members) {
    return of(Arrays.asList(members));
  }

  /// @param members each once; the array is not to be used any more
  static AddressSet ofDistinct(Address[] members) {
    int fours = 0;
    for (Address member : members) {
      fours += member.family() == Family.IPV4 ? 1 : 0;
    }
    return new AddressSet(built(members, 0), fours, members.length - fours);
  }

  private static Object built(Address[] members, int depth) {
    if (members.length <= LEAF || depth == DEEPEST) {
      return members;
    }
    int[] sizes = new int[WAYS];
    for (Address member : members) {
      sizes[digit(member.hashCode(), depth)]++;
    }
    Address[][] parts = new Address[WAYS][];
    for (int i = 0; i < WAYS; i++) {
      parts[i] = sizes[i] == 0 ? NOTHING : new Address[sizes[i]];
    }
    for (Address member : members) {
      int digit = digit(member.hashCode(), depth);
      parts[digit][--sizes[digit]] = member;
    }
    Object[] branch = new Object[WAYS];
    for (int i = 0; i < WAYS; i++) {
      branch[i] = built(parts[i], depth + 1);
    }
    return branch;
  }

  private static int digit(int hash, int depth) {
    return hash >>> (2 * depth) & (WAYS - 1);
  }

  /// This set and one more; the same object where it is a member already.
  public AddressSet with(Address address) {
    Object next = added(root, address, address.hashCode(), 0);
    return next == root ? this : resized(next, address, 1);
  }

  private static Object added(Object node, Address address, int hash, int depth) {
    if (node instanceof Address[] leaf) {
      if (at(leaf, address) >= 0) {
        return leaf;
      }
      Address[] more = Arrays.copyOf(leaf, leaf.length + 1);
      more[leaf.length] = address;
      return built(more, depth);
    }
    Object[] branch = (Object[]) node;
    int digit = digit(hash, depth);
    Object next = added(branch[digit], address, hash, depth + 1);
    return next == branch[digit] ? branch : replaced(branch, digit, next);
  }

  private static Object[] replaced(Object[] branch, int digit, Object by) {
    Object[] copy = branch.clone();
    copy[digit] = by;
    return copy;
  }

  /// This set but for one; the same object where it is no member.
  public AddressSet without(Address address) {
    Object next = removed(root, address, address.hashCode(), 0);
    return next == root ? this : resized(next, address, -1);
  }

  private static Object removed(Object node, Address address, int hash, int depth) {
    if (node instanceof Address[] leaf) {
      int at = at(leaf, address);
      return at < 0 ? leaf : cut(leaf, at);
    }
    Object[] branch = (Object[]) node;
    int digit = digit(hash, depth);
    Object next = removed(branch[digit], address, hash, depth + 1);
    return next == branch[digit] ? branch : packed(replaced(branch, digit, next));
  }

  private static Address[] cut(Address[] leaf, int at) {
    if (leaf.length == 1) {
      return NOTHING;
    }
    Address[] fewer = Arrays.copyOf(leaf, leaf.length - 1);
    if (at < fewer.length) {
      fewer[at] = leaf[fewer.length];
    }
    return fewer;
  }

  /// A branch that one leaf could hold becomes that leaf.
  private static Object packed(Object[] branch) {
    int size = 0;
    for (Object child : branch) {
      if (!(child instanceof Address[] leaf)) {
        return branch;
      }
      size += leaf.length;
    }
    if (size > LEAF) {
      return branch;
    }
    Address[] one = new Address[size];
    int end = 0;
    for (Object child : branch) {
      Address[] leaf = (Address[]) child;
      System.arraycopy(leaf, 0, one, end, leaf.length);
      end += leaf.length;
    }
    return one;
  }

  private AddressSet resized(Object next, Address address, int by) {
    boolean four = address.family() == Family.IPV4;
    return new AddressSet(next, fours + (four ? by : 0), sixes + (four ? 0 : by));
  }

  private static int at(Address[] leaf, Address address) {
    for (int i = 0; i < leaf.length; i++) {
      if (leaf[i].equals(address)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean contains(Object node, Address address, int depth) {
    int hash = address.hashCode();
    while (!(node instanceof Address[])) {
      node = ((Object[]) node)[digit(hash, depth++)];
    }
    return at((Address[]) node, address) >= 0;
  }

  @Override
  public boolean contains(@Nullable Object other) {
    return other instanceof Address address && contains(root, address, 0);
  }

  @Override
  public int size() {
    return fours + sixes;
  }

  /// How many members are of this family.
  public int count(Family family) {
    return family == Family.IPV4 ? fours : sixes;
  }

  @Override
  public Iterator<Address> iterator() {
    return missingFrom(EMPTY);
  }

  /// The members that another set lacks. What both share is not looked at, so telling two versions
  /// of one set apart costs what changed between them.
  public Iterator<Address> missingFrom(AddressSet other) {
    return new Missing(root, other.root);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AddressSet set
        ? fours == set.fours && sixes == set.sixes && !missingFrom(set).hasNext()
        : super.equals(other);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }

  /// Walks one trie beside another.
  private static final class Missing implements Iterator<Address> {
    /// What is still to be walked, the next first.
    private record Pair(Object mine, Object theirs, int depth, @Nullable Pair rest) {}

    private @Nullable Pair left;
    private Address[] leaf = NOTHING;
    private Object beside = NOTHING;
    private int depth;
    private int at;

    private Missing(Object mine, Object theirs) {
      left = mine == theirs ? null : new Pair(mine, theirs, 0, null);
    }

    @Override
    public boolean hasNext() {
      while (true) {
        while (at < leaf.length && contains(beside, leaf[at], depth)) {
          at++;
        }
        Pair next = left;
        if (at < leaf.length || next == null) {
          return at < leaf.length;
        }
        left = next.rest();
        open(next);
      }
    }

    private void open(Pair pair) {
      if (pair.mine() instanceof Address[] mine) {
        leaf = mine;
        beside = pair.theirs();
        depth = pair.depth();
        at = 0;
        return;
      }
      Object[] mine = (Object[]) pair.mine();
      for (int i = WAYS - 1; i >= 0; i--) {
        Object theirs =
            pair.theirs() instanceof Address[] ? pair.theirs() : ((Object[]) pair.theirs())[i];
        if (mine[i] != theirs) {
          left = new Pair(mine[i], theirs, pair.depth() + 1, left);
        }
      }
    }

    @Override
    public Address next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return leaf[at++];
    }
  }
}
