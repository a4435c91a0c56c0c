package dev.ringfence.core.answer;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.IpBlock;
import dev.ringfence.core.model.Peer;
import dev.ringfence.core.model.Peers;
import dev.ringfence.core.model.Policies;
import dev.ringfence.core.model.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/// The address blocks that policies name.
public final class Blocks {
  private Blocks() {}

  /// Where intervals start that some rule may tell from the one below: the first address of every
  /// block and hole, and the one after it.
  public static NavigableSet<Address> edges(Policies policies) {
    NavigableSet<Address> out = new TreeSet<>();
    for (Rule rule : rules(policies)) {
      if (rule.peers() instanceof Peers.OneOf(var items)) {
        for (Peer item : items) {
          if (item instanceof Peer.Block(IpBlock block)) {
            edge(out, block.cidr());
            block.except().forEach(hole -> edge(out, hole));
          }
        }
      }
    }
    return out;
  }

  private static void edge(NavigableSet<Address> edges, Cidr cidr) {
    edges.add(cidr.first());
    cidr.last().next().ifPresent(edges::add);
  }

  private static List<Rule> rules(Policies policies) {
    List<Rule> out = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      policies.network().forEach(policy -> out.addAll(policy.rules(direction)));
      policies
          .cluster()
          .forEach(policy -> policy.rules(direction).forEach(rule -> out.add(rule.match())));
    }
    return out;
  }
}
