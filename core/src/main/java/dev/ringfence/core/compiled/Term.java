package dev.ringfence.core.compiled;

import dev.ringfence.core.model.Action;
import dev.ringfence.core.model.Peers;
import dev.ringfence.core.model.Rule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// One rule in canonical form: these peers, at these ports.
///
/// @param action what it does; of a NetworkPolicy always ACCEPT
/// @param peers sorted, each once; only [PeerTerm.Everyone] where that is among them
record Term(Action action, PortTerm ports, List<PeerTerm> peers) {
  Term {
    PeerTerm everyone = new PeerTerm.Everyone();
    if (peers.contains(everyone)) {
      peers = List.of(everyone);
    } else {
      peers = List.copyOf(peers.size() < 2 ? peers : new TreeSet<>(peers));
    }
  }

  static Term of(Action action, Rule rule, Optional<String> own) {
    return new Term(action, PortTerm.of(rule.ports()), peers(rule.peers(), own));
  }

  private static List<PeerTerm> peers(Peers peers, Optional<String> own) {
    return switch (peers) {
      case Peers.Any() -> List.of(new PeerTerm.Everyone());
      case Peers.OneOf(var items) -> {
        List<PeerTerm> out = new ArrayList<>();
        items.forEach(item -> PeerTerm.of(item, own).ifPresent(out::add));
        yield out;
      }
    };
  }

  Term withPorts(PortSet numbers) {
    return new Term(action, new PortTerm(numbers, List.of()), peers);
  }

  boolean isNothing() {
    return ports.isNothing() || peers.isEmpty();
  }

  boolean isAboutEveryone() {
    return peers.contains(new PeerTerm.Everyone());
  }

  boolean asksPods() {
    return peers.stream().anyMatch(peer -> peer instanceof PeerTerm.Pods);
  }

  static String text(Collection<PeerTerm> peers) {
    return String.join(" | ", peers.stream().map(PeerTerm::toString).toList());
  }

  @Override
  public String toString() {
    return action + " " + ports + " : " + text(peers);
  }
}
