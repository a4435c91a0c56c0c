package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.AddressSet;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.NftElement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The elements of a set.
public sealed interface Members permits Members.Addresses, Members.Listed, PeerPorts {
  int count();

  /// All of them, as the kernel wants them.
  Iterator<NftElement> elements();

  /// Those that `other` lacks; nothing is made for the rest.
  Iterator<NftElement> without(Members other);

  /// Addresses of one family, picked out of a set that may hold both; no object for each.
  record Addresses(Family family, AddressSet among) implements Members {
    @Override
    public int count() {
      return among.count(family);
    }

    @Override
    public Iterator<NftElement> elements() {
      return new Keys(family, among.iterator());
    }

    /// Costs what differs where one set came from the other.
    @Override
    public Iterator<NftElement> without(Members other) {
      return switch (other) {
        case Addresses(var of, var set) when of == family ->
            new Keys(family, among.missingFrom(set));
        case Addresses _, Listed _, PeerPorts _ -> elements();
      };
    }
  }

  /// Any other elements, each written out.
  record Listed(Set<NftElement> all) implements Members {
    public Listed {
      all = all instanceof Dispatched ? all : Set.copyOf(all);
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
        case Listed(Dispatched theirs) when all instanceof Dispatched ours ->
            ours.missingFrom(theirs);
        case Listed(var theirs) -> without(theirs);
        case PeerPorts theirs -> {
          Set<NftElement> written = new HashSet<>();
          theirs.elements().forEachRemaining(written::add);
          yield without(written);
        }
        case Addresses _ -> elements();
      };
    }

    private Iterator<NftElement> without(Set<NftElement> theirs) {
      List<NftElement> out = new ArrayList<>(1);
      for (NftElement one : all) {
        if (!theirs.contains(one)) {
          out.add(one);
        }
      }
      return out.iterator();
    }
  }

  /// Whether both hold the same.
  default boolean same(Members other) {
    return count() == other.count() && !without(other).hasNext();
  }

  /// Addresses of one family as elements.
  final class Keys implements Iterator<NftElement> {
    private final Family family;
    private final Iterator<Address> addresses;
    private @Nullable Address next;

    private Keys(Family family, Iterator<Address> addresses) {
      this.family = family;
      this.addresses = addresses;
    }

    @Override
    public boolean hasNext() {
      while (next == null && addresses.hasNext()) {
        Address one = addresses.next();
        next = one.family() == family ? one : null;
      }
      return next != null;
    }

    @Override
    public NftElement next() {
      if (!hasNext() || next == null) {
        throw new NoSuchElementException();
      }
      NftElement out = NftElement.of(Bytes.of(next));
      next = null;
      return out;
    }
  }
}
