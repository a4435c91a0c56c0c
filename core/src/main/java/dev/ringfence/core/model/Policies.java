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
    network = sorted(network, (a, b) -> a.name().compareTo(b.name()));
    cluster = sorted(cluster, Policies::askedBefore);
  }

  private static int askedBefore(ClusterPolicy a, ClusterPolicy b) {
    int order = a.tier().compareTo(b.tier());
    order = order == 0 ? Integer.compare(a.priority(), b.priority()) : order;
    order = order == 0 ? a.kind().compareTo(b.kind()) : order;
    return order == 0 ? a.name().compareTo(b.name()) : order;
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
