package dev.ringfence.nftables.table;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Expression;
import dev.ringfence.nftables.netlink.NftChain;
import dev.ringfence.nftables.netlink.NftChain.Hook;
import dev.ringfence.nftables.netlink.NftRule;
import dev.ringfence.nftables.netlink.Verdict;
import dev.ringfence.nftables.route.Wire;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// What a bridge may deliver to a pod whose ingress is isolated: what is addressed to it.
///
/// Policies are keyed by the pod's addresses, and a pod on a bridge is also reached by broadcast,
/// multicast and its link-local address, past any of them.
final class Delivery {
  private final String chain;
  private final List<NftRule> rules = new ArrayList<>();

  private Delivery(String chain) {
    this.chain = chain;
  }

  static ChainContent of(Wire wire, Collection<Address> addresses) {
    Delivery delivery = new Delivery(Names.delivery(wire.interfaceName()));
    delivery.own(addresses);
    delivery.neighbours();
    delivery.configuration();
    delivery.rules.add(
        delivery.rule(
            List.of(),
            List.of(new Expression.Counter(), new Expression.Judge(new Verdict.Drop()))));
    return new ChainContent(
        NftChain.base(Names.GUARD, delivery.chain, Hook.EGRESS, 0, List.of(wire.interfaceName())),
        delivery.rules);
  }

  private void own(Collection<Address> addresses) {
    Frames.of(Family.IPV4, addresses)
        .forEach(own -> accept(Frames.protocol(Frames.IPV4), Frames.destination4(own)));
    Frames.of(Family.IPV6, addresses)
        .forEach(own -> accept(Frames.protocol(Frames.IPV6), Frames.destination6(own)));
  }

  private void neighbours() {
    accept(Frames.protocol(Frames.ARP));
    accept(Frames.protocol(Frames.IPV6), Frames.icmpv6(133, 137), Frames.hopLimit(255));
    accept(Frames.protocol(Frames.IPV6), Frames.icmpv6(130, 132), Frames.hopLimit(1));
    accept(Frames.protocol(Frames.IPV6), Frames.icmpv6(143, 143), Frames.hopLimit(1));
  }

  /// Answers of DHCP, both versions.
  private void configuration() {
    accept(Frames.protocol(Frames.IPV4), Frames.udp(67, 68));
    accept(Frames.protocol(Frames.IPV6), Frames.udp(547, 546));
  }

  @SafeVarargs
  private void accept(List<Expression>... conditions) {
    rules.add(rule(Matching.all(conditions), List.of(new Expression.Judge(new Verdict.Accept()))));
  }

  private NftRule rule(List<Expression> conditions, List<Expression> end) {
    return new NftRule(Names.GUARD, chain, Matching.all(conditions, end), "");
  }
}
