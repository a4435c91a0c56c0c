package dev.ringfence.lab.scenario;

import dev.ringfence.core.cluster.Service;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Finds the ends that a person means: a pod by any of its names, a workload's pods, a host outside
/// by name or address.
public record EndNames(Scenario scenario) {
  /// Every end of that name, at least one.
  ///
  /// @throws ScenarioException if nobody is called that, or several unlike ones are
  public List<End> find(String text) {
    List<Predicate<End>> readings =
        List.of(
            end -> end.id().equals(text),
            end -> shortName(end).filter(text::equals).isPresent(),
            end -> end.group().equals(text),
            end -> shortGroup(end).filter(text::equals).isPresent(),
            end -> end.addresses().stream().anyMatch(address -> address.toString().equals(text)),
            end -> bareName(end).filter(text::equals).isPresent(),
            end -> bareGroup(end).filter(text::equals).isPresent());
    for (Predicate<End> reading : readings) {
      List<End> found = scenario.ends().stream().filter(reading).toList();
      if (!found.isEmpty()) {
        return oneGroup(text, found);
      }
    }
    throw new ScenarioException("nobody in the lab is called " + text + whyNot(text));
  }

  /// As [#find], where exactly one pod is meant; a workload stands for its first.
  public End first(String text) {
    return find(text).getFirst();
  }

  /// The Service that `shop/service/web` or one of its own addresses means.
  public Optional<Service> service(String text) {
    return scenario.snapshot().services().values().stream()
        .filter(service ->
            service.id().equals(text)
                || service.clusterIps().stream().anyMatch(one -> one.toString().equals(text)))
        .findFirst();
  }

  private static List<End> oneGroup(String text, List<End> found) {
    List<String> groups = found.stream().map(End::group).distinct().toList();
    if (groups.size() > 1) {
      throw new ScenarioException(text + " may be " + String.join(" or ", groups));
    }
    return found;
  }

  private String whyNot(String text) {
    return scenario.left().stream()
        .filter(left ->
            left.pod().id().equals(text)
                || left.pod().name().toString().equals(text)
                || left.pod().name().name().equals(text))
        .findFirst()
        .map(left -> ": of " + left.pod().id() + " we know that " + left.why())
        .orElse("");
  }

  private static Optional<String> shortName(End end) {
    return end.asPod().map(pod -> pod.name().toString());
  }

  private static Optional<String> shortGroup(End end) {
    return end.asPod().map(pod -> pod.workload().namespace() + "/" + pod.workload().name());
  }

  private static Optional<String> bareName(End end) {
    return end.asPod().map(pod -> pod.name().name());
  }

  private static Optional<String> bareGroup(End end) {
    return end.asPod().map(pod -> pod.workload().name());
  }
}
