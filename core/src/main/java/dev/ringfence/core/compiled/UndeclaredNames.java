package dev.ringfence.core.compiled;

import dev.ringfence.core.compiled.UndeclaredName.About;
import dev.ringfence.core.model.Action;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.PortItem;
import dev.ringfence.core.model.Ports;
import dev.ringfence.core.model.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Looks for port names that nobody declares who would have to.
///
/// A name costs a look at the kinds of pods that declare it; only where none of those counts, a
/// look at all kinds. Where there is no pod yet that it is about, there is nothing to say.
record UndeclaredNames(Kinds kinds, NetworkPolicy policy) {
  List<UndeclaredName> find() {
    List<UndeclaredName> out = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      if (policy.isolates(direction)) {
        List<Rule> rules = policy.rules(direction);
        for (int i = 0; i < rules.size(); i++) {
          find(direction, i, rules.get(i), out);
        }
      }
    }
    return out;
  }

  private void find(Direction direction, int rule, Rule of, List<UndeclaredName> into) {
    if (!(of.ports() instanceof Ports.OneOf(var items))) {
      return;
    }
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i) instanceof PortItem.Named(var protocol, var name)) {
        List<PeerTerm> peers = peers(of);
        About about = direction == Direction.INGRESS ? About.SUBJECTS : about(peers);
        Predicate<Kind> counts =
            direction == Direction.INGRESS ? this::isSubject : kind -> isAmong(kind, peers);
        if (!isDeclared(new PortTerm.Name(protocol, name), counts)
            && (about == About.BLOCKS || isAboutSomebody(counts))) {
          into.add(new UndeclaredName(direction, rule, i, protocol, name, about));
        }
      }
    }
  }

  private List<PeerTerm> peers(Rule of) {
    Optional<String> own = Optional.of(policy.name().namespace());
    return Term.of(Action.ACCEPT, of, own).peers();
  }

  private static About about(List<PeerTerm> peers) {
    if (peers.contains(new PeerTerm.Everyone())) {
      return About.EVERYBODY;
    }
    boolean blocks = peers.stream().allMatch(peer -> peer instanceof PeerTerm.Block);
    return blocks && !peers.isEmpty() ? About.BLOCKS : About.PEERS;
  }

  private boolean isDeclared(PortTerm.Name name, Predicate<Kind> counts) {
    Ints declaring = kinds.declaring(name);
    for (int i = 0; i < declaring.size(); i++) {
      Kind kind = kinds.get(declaring.get(i));
      if (!kind.members.isEmpty() && counts.test(kind)) {
        return true;
      }
    }
    return false;
  }

  private boolean isAboutSomebody(Predicate<Kind> counts) {
    for (int i = 0; i < kinds.size(); i++) {
      Kind kind = kinds.get(i);
      if (!kind.members.isEmpty() && counts.test(kind)) {
        return true;
      }
    }
    return false;
  }

  private boolean isSubject(Kind kind) {
    return kind.key.namespace().equals(policy.name().namespace())
        && policy.subject().matches(kinds.podLabels(kind));
  }

  private boolean isAmong(Kind kind, List<PeerTerm> peers) {
    return peers.stream().anyMatch(peer -> matches(peer, kind));
  }

  private boolean matches(PeerTerm peer, Kind kind) {
    return switch (peer) {
      case PeerTerm.Everyone() -> true;
      case PeerTerm.Pods(var namespace, var spaces, var pods) ->
          namespace.map(kind.key.namespace()::equals).orElse(true)
              && (namespace.isPresent() || spaces.matches(kinds.spaceLabels(kind)))
              && pods.matches(kinds.podLabels(kind));
      case PeerTerm.Block(var block) ->
          kind.members.stream()
              .anyMatch(member -> member.addresses.stream().anyMatch(block::contains));
    };
  }
}
