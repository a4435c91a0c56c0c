package dev.ringfence.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A run of addresses of one family, both ends included.
public record AddressRange(Address first, Address last) implements Comparable<AddressRange> {
  public AddressRange {
    if (first.family() != last.family() || first.compareTo(last) > 0) {
      throw new IllegalArgumentException("not a range: " + first + "-" + last);
    }
  }

  /// Every address of the family.
  public static AddressRange all(Family family) {
    return new Cidr(family == Family.IPV4 ? Address.ofV4(0) : Address.ofV6(0, 0), 0).range();
  }

  public Family family() {
    return first.family();
  }

  public boolean contains(Address address) {
    return address.family() == family()
        && first.compareTo(address) <= 0
        && address.compareTo(last) <= 0;
  }

  /// This range as one CIDR, where it is exactly one.
  public Optional<Cidr> asCidr() {
    for (int prefix = 0; prefix <= family().bits(); prefix++) {
      Cidr cidr = new Cidr(first, prefix);
      if (cidr.first().equals(first) && cidr.last().equals(last)) {
        return Optional.of(cidr);
      }
    }
    return Optional.empty();
  }

  /// The same addresses as the fewest CIDRs, ascending.
  public List<Cidr> asCidrs() {
    List<Cidr> out = new ArrayList<>();
    Optional<Address> at = Optional.of(first);
    while (at.isPresent() && at.get().compareTo(last) <= 0) {
      Cidr widest = widestFrom(at.get());
      out.add(widest);
      at = widest.last().next();
    }
    return out;
  }

  private Cidr widestFrom(Address at) {
    for (int prefix = 0; prefix < family().bits(); prefix++) {
      Cidr cidr = new Cidr(at, prefix);
      if (cidr.first().equals(at) && cidr.last().compareTo(last) <= 0) {
        return cidr;
      }
    }
    return new Cidr(at, family().bits());
  }

  @Override
  public int compareTo(AddressRange other) {
    int byFirst = first.compareTo(other.first);
    return byFirst != 0 ? byFirst : last.compareTo(other.last);
  }

  /// A CIDR where it is exactly one, else `first-last` (formats.md).
  @Override
  public String toString() {
    return asCidr().map(Cidr::toString).orElseGet(() -> first + "-" + last);
  }
}
