package dev.ringfence.core.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// All policies in force at one moment, in an order that never depends on the input (S273).
///
/// @param network by namespace, then name
/// @param cluster by tier, priority, kind, name: the order in which they are asked (S233, S237)
public record Policies(List<NetworkPolicy> network, List<ClusterPolicy> cluster) {
  public static final Policies NONE = new Policies(List.of(), List.of());

  public Policies {
    network = sorted(network, Comparator.comparing(NetworkPolicy::name));
    cluster =
        sorted(
            cluster,
            Comparator.comparing(ClusterPolicy::tier)
                .thenComparingInt(ClusterPolicy::priority)
                .thenComparing(ClusterPolicy::kind)
                .thenComparing(ClusterPolicy::name));
  }

  public static Policies of(List<NetworkPolicy> network) {
    return new Policies(network, List.of());
  }

  private static <T> List<T> sorted(List<T> items, Comparator<T> order) {
    List<T> copy = new ArrayList<>(items);
    copy.sort(order);
    return List.copyOf(copy);
  }
}
