package dev.ringfence.lab.netns;

import dev.ringfence.core.cluster.Node;
import dev.ringfence.lab.scenario.End;
import java.util.List;

/// The lines for `ip` that join pods to a node.
sealed interface PodWiring permits RoutedPods, BridgedPods {
  /// What a node needs before any pod.
  void prepare(Node node, IpBatch batch);

  /// The node's ends of these pods' wires.
  ///
  /// @return what runs in the node, in this order
  List<IpBatch> nodeEnds(Node node, List<End.OfPod> pods);

  /// The pod's end.
  IpBatch podEnd(Node node, End.OfPod pod);

  /// Takes a pod away from its node.
  void remove(End.OfPod pod, IpBatch batch);
}
