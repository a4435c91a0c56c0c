package dev.ringfence.lab.netns;

/// How pods hang on their nodes.
public enum PodNetwork {
  /// Each on a wire of its own, reached by a host route.
  ROUTED,
  /// All of a node on one bridge; bridged packets meet the node's rules (`br_netfilter`).
  BRIDGE;

  PodWiring wiring(Instance instance) {
    return switch (this) {
      case ROUTED -> new RoutedPods(instance);
      case BRIDGE -> new BridgedPods(instance);
    };
  }
}
