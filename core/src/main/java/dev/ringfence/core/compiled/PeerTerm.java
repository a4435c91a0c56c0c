package dev.ringfence.core.compiled;

import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.IpBlock;
import dev.ringfence.core.model.LabelSelector;
import dev.ringfence.core.model.NamespaceScope;
import dev.ringfence.core.model.Peer;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// One peer of a rule in canonical form; its text is its definition.
sealed interface PeerTerm extends Comparable<PeerTerm> {
  /// Pods, nodes and everything outside.
  record Everyone() implements PeerTerm {
    @Override
    public String toString() {
      return "everyone";
    }
  }

  record Block(IpBlock block) implements PeerTerm {
    @Override
    public String toString() {
      return block.except().isEmpty()
          ? "net " + block.cidr()
          : "net " + block.cidr() + " except " + new TreeSet<>(texts());
    }

    private List<String> texts() {
      return block.except().stream().map(Cidr::toString).toList();
    }
  }

  /// Pods by labels.
  ///
  /// @param namespace the one namespace; empty where `namespaces` says which
  record Pods(Optional<String> namespace, LabelSelector namespaces, LabelSelector pods)
      implements PeerTerm {
    @Override
    public String toString() {
      return "pods "
          + Definition.text(pods)
          + " of "
          + namespace.map(Definition::word).orElseGet(() -> "namespaces " + spaces());
    }

    private String spaces() {
      return Definition.text(namespaces);
    }
  }

  /// Empty where the peer matches nothing.
  ///
  /// @param own the namespace of the policy; empty for a cluster-wide one
  static Optional<PeerTerm> of(Peer peer, Optional<String> own) {
    return switch (peer) {
      case Peer.Everyone() -> Optional.of(new Everyone());
      case Peer.Unreadable unreadable -> Optional.empty();
      case Peer.Block(var block) -> Optional.of(new Block(block));
      case Peer.Pods pods ->
          switch (pods.scope()) {
            case NamespaceScope.PolicyNamespace() ->
                own.map(name -> new Pods(own, LabelSelector.EVERYTHING, canonical(pods)));
            case NamespaceScope.Matching(var spaces) ->
                Optional.of(
                    new Pods(Optional.empty(), Definition.canonical(spaces), canonical(pods)));
          };
    };
  }

  private static LabelSelector canonical(Peer.Pods pods) {
    return Definition.canonical(pods.pods());
  }

  @Override
  default int compareTo(PeerTerm other) {
    return toString().compareTo(other.toString());
  }
}
