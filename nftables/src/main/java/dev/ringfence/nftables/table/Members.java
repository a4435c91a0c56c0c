package dev.ringfence.nftables.table;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.NftElement;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Set;
import java.util.stream.Stream;

/// The elements of a set.
public sealed interface Members {
  int count();

  /// All of them, as the kernel wants them.
  Iterator<NftElement> elements();

  /// Those that `other` lacks; nothing is made for the rest.
  Iterator<NftElement> without(Members other);

  /// Addresses of one family, picked out of a set that may hold both; no object for each.
  ///
  /// @param count how many are of this family
  record Addresses(Family family, Set<Address> among, int count) implements Members {
    static Addresses of(Family family, Set<Address> among) {
      int count = 0;
      for (Address one : among) {
        count += one.family() == family ? 1 : 0;
      }
      return new Addresses(family, among, count);
    }

    @Override
    public Iterator<NftElement> elements() {
      return list(ours());
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the shortcut for a set that nobody touched
    public Iterator<NftElement> without(Members other) {
      return switch (other) {
        case Addresses(var of, var set, _) when of == family ->
            set == among ? list(Stream.of()) : list(ours().filter(one -> !set.contains(one)));
        case Addresses _, Listed _ -> elements();
      };
    }

    private Stream<Address> ours() {
      return among.stream().filter(one -> one.family() == family);
    }

    private static Iterator<NftElement> list(Stream<Address> addresses) {
      return addresses.map(one -> NftElement.of(Bytes.copyOf(one.bytes()))).iterator();
    }
  }

  /// Any other elements, each written out.
  record Listed(Set<NftElement> all) implements Members {
    public Listed {
      all = Set.copyOf(all);
    }

    @Override
    public int count() {
      return all.size();
    }

    /// By key, since a tree takes the ends of its ranges in no other order.
    @Override
    public Iterator<NftElement> elements() {
      return all.stream().sorted(Comparator.comparing(NftElement::key)).iterator();
    }

    @Override
    public Iterator<NftElement> without(Members other) {
      return switch (other) {
        case Listed(var theirs) -> all.stream().filter(one -> !theirs.contains(one)).iterator();
        case Addresses _ -> elements();
      };
    }
  }

  /// Whether both hold the same.
  default boolean same(Members other) {
    return count() == other.count() && !without(other).hasNext();
  }
}
