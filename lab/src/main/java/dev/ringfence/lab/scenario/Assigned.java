package dev.ringfence.lab.scenario;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Which node and which addresses everything was given, kept so that nothing moves when something
/// else comes or goes.
///
/// @param nodes number of each node by name, from 1: it decides the ranges of its pods
/// @param pods by id
/// @param services by id
public record Assigned(
    SortedMap<String, Integer> nodes,
    SortedMap<String, PodPlace> pods,
    SortedMap<String, ServicePlace> services) {
  public static final Assigned NOTHING =
      new Assigned(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

  public Assigned {
    nodes = new TreeMap<>(nodes);
    pods = new TreeMap<>(pods);
    services = new TreeMap<>(services);
  }

  /// Where one pod is.
  ///
  /// @param addresses as text, those the lab gave it; none if its manifest brings them
  public record PodPlace(String node, List<String> addresses) {
    public PodPlace {
      addresses = List.copyOf(addresses);
    }
  }

  /// Where one Service is.
  ///
  /// @param addresses as text, those the lab gave it
  /// @param nodePorts by `80/TCP`, those the lab gave it
  public record ServicePlace(List<String> addresses, SortedMap<String, Integer> nodePorts) {
    public ServicePlace {
      addresses = List.copyOf(addresses);
      nodePorts = new TreeMap<>(nodePorts);
    }
  }
}
