package dev.ringfence.core.worlds;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.IpBlock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Random blocks around addresses that matter, and the addresses at their edges.
final class Addresses {
  private final Dice dice;
  private final List<Address> known;
  private final Set<Address> edges = new LinkedHashSet<>();

  /// @param known addresses that somebody has
  Addresses(Dice dice, List<Address> known) {
    this.dice = dice;
    this.known = List.copyOf(known);
  }

  IpBlock block() {
    Cidr cidr = around(dice.pick(known));
    List<Cidr> except = new ArrayList<>();
    for (int i = dice.between(0, 3); i > 1; i--) {
      hole(cidr, except);
    }
    edge(cidr);
    except.forEach(this::edge);
    return new IpBlock(cidr, except);
  }

  private Cidr around(Address address) {
    int bits = address.family().bits();
    return new Cidr(
        address,
        switch (dice.between(0, 4)) {
          case 0 -> 0;
          case 1 -> bits / 2;
          case 2 -> bits - dice.between(1, 8);
          case 3 -> bits;
          default -> dice.between(1, bits);
        });
  }

  private void hole(Cidr cidr, List<Cidr> except) {
    List<Address> inside = known.stream().filter(cidr::contains).toList();
    int bits = cidr.family().bits();
    if (cidr.prefix() < bits) {
      Address at = dice.percent(70) ? dice.pick(inside) : dice.oneOf(cidr.first(), cidr.last());
      except.add(new Cidr(at, dice.between(Math.max(cidr.prefix() + 1, bits - 9), bits)));
    }
  }

  private void edge(Cidr cidr) {
    edges.add(cidr.first());
    edges.add(cidr.last());
    cidr.first().previous().ifPresent(edges::add);
    cidr.last().next().ifPresent(edges::add);
  }

  /// The first and last address of every block and hole so far, and their neighbours.
  List<Address> edges() {
    return List.copyOf(edges);
  }
}
