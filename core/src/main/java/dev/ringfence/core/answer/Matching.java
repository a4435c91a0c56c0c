package dev.ringfence.core.answer;

import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.IpBlock;
import dev.ringfence.core.model.NamespaceScope;
import dev.ringfence.core.model.Peer;
import dev.ringfence.core.model.Peers;
import dev.ringfence.core.model.PortItem;
import dev.ringfence.core.model.Ports;
import java.util.Optional;

/// `portsMatch` and `peersMatch` of section 4.3.
record Matching(Snapshot now, Reading reading) {
  Match.Found ports(Ports ports, Flow flow) {
    return switch (ports) {
      case Ports.Any() -> Match.Found.ANYTHING;
      case Ports.OneOf(var items) -> {
        Match.Found best = Match.Found.NOTHING;
        for (int i = 0; i < items.size(); i++) {
          best = best.or(port(items.get(i), flow), i);
        }
        yield best;
      }
    };
  }

  private static Match port(PortItem item, Flow flow) {
    if (item.protocol() != flow.protocol() || flow.port().isEmpty()) {
      return Match.NO;
    }
    int port = flow.port().getAsInt();
    return switch (item) {
      case PortItem.Every every -> Match.YES;
      case PortItem.Numbers(var protocol, var range) -> Match.of(range.contains(port));
      case PortItem.Named(var protocol, var name) ->
          switch (flow.to()) {
            case Endpoint.OfPod(var pod, var at) -> Match.of(pod.declares(name, protocol, port));
            case Endpoint.UnknownPod unknown -> Match.MAYBE;
            case Endpoint.OfNode node -> Match.NO;
            case Endpoint.Outside outside -> Match.NO;
          };
      case PortItem.Unreadable unreadable -> Match.NO;
    };
  }

  /// @param own the policy's namespace; empty for a cluster-wide policy
  Match.Found peers(Peers peers, Optional<String> own, Endpoint peer) {
    return switch (peers) {
      case Peers.Any() -> Match.Found.ANYTHING;
      case Peers.OneOf(var items) -> {
        Match.Found best = Match.Found.NOTHING;
        for (int i = 0; i < items.size(); i++) {
          best = best.or(peer(items.get(i), own, peer), i);
        }
        yield best;
      }
    };
  }

  private Match peer(Peer item, Optional<String> own, Endpoint peer) {
    return switch (item) {
      case Peer.Everyone() -> Match.YES;
      case Peer.Unreadable unreadable -> Match.NO;
      case Peer.Block(var block) -> Match.of(inBlock(block, peer));
      case Peer.Pods pods ->
          switch (peer) {
            case Endpoint.OfPod(var pod, var at) ->
                Match.of(
                    inScope(pods.scope(), own, pod.namespace())
                        && pods.pods().matches(pod.labels()));
            case Endpoint.UnknownPod unknown -> Match.MAYBE;
            case Endpoint.OfNode node -> Match.NO;
            case Endpoint.Outside outside -> Match.NO;
          };
    };
  }

  private boolean inBlock(IpBlock block, Endpoint peer) {
    if (peer instanceof Endpoint.OfPod && !reading.blocksMatchPods()) {
      return false;
    }
    return peer.address().map(block::contains).orElseGet(block::coversFamily); // S112
  }

  private boolean inScope(NamespaceScope scope, Optional<String> own, String namespace) {
    return switch (scope) {
      case NamespaceScope.PolicyNamespace() -> own.filter(namespace::equals).isPresent();
      case NamespaceScope.Matching(var selector) ->
          selector.matches(now.namespaceLabels(namespace));
    };
  }
}
