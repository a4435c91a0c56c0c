package dev.ringfence.lab.scenario;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Which node and which addresses everything was given, kept so that nothing moves when something
/// else comes or goes.
///
/// @param nodes number of each node by name, from 1: it decides the ranges of its pods
/// @param pods by id
public record Assigned(SortedMap<String, Integer> nodes, SortedMap<String, PodPlace> pods) {
  public static final Assigned NOTHING = new Assigned(new TreeMap<>(), new TreeMap<>());

  public Assigned {
    nodes = new TreeMap<>(nodes);
    pods = new TreeMap<>(pods);
  }

  /// Where one pod is.
  ///
  /// @param addresses as text, those the lab gave it; none if its manifest brings them
  public record PodPlace(String node, List<String> addresses) {
    public PodPlace {
      addresses = List.copyOf(addresses);
    }
  }
}
