package dev.ringfence.core.worlds;

/// How big and how strange a random world may be.
///
/// @param tiers cluster-wide policies in some worlds
/// @param strange pods on the host network, finished ones whose addresses others have by now, pods
///   without addresses or with unknown ones, namespaces that nobody defined, pods of one family.
///   Without it every pod runs on a node and has one address of each family of its own
/// @param crowded most policies select every pod of their namespace, and each admits a few others
///   at ports of its own: groups of many peer sets with few ports each
/// @param flows how many questions to ask
public record WorldShape(
    int mostPods,
    int mostNodes,
    int mostPolicies,
    boolean tiers,
    boolean strange,
    boolean crowded,
    int flows) {
  /// No crowd.
  public WorldShape(
      int mostPods, int mostNodes, int mostPolicies, boolean tiers, boolean strange, int flows) {
    this(mostPods, mostNodes, mostPolicies, tiers, strange, false, flows);
  }

  /// Everything there is, up to a few dozen pods.
  public static final WorldShape STRANGE = new WorldShape(40, 4, 12, true, true, 150);

  /// As strange, and hundreds of pods.
  public static final WorldShape LARGE = new WorldShape(300, 12, 60, true, true, 200);

  /// As strange, with many policies for the same pods.
  public static final WorldShape CROWDED = new WorldShape(60, 2, 40, true, true, true, 200);

  /// Two nodes and few pods, each with both families, and five hosts outside: for real packets.
  /// NetworkPolicies only, nobody dials a Service, and every address in a flow is a host's.
  public static final WorldShape PACKETS = new WorldShape(6, 2, 6, false, false, 100);

  /// The same with more pods, and many policies for the same ones.
  public static final WorldShape CROWDED_PACKETS =
      new WorldShape(20, 2, 30, false, false, true, 200);
}
