package dev.ringfence.report;

import java.util.List;

/// What the lab's process tells the command line after a round of probes: the report that we
/// promise, and what a person wants beside it. Between the two only, so it has no schema.
///
/// @param ends whoever may open or accept, in the order in which to show them
/// @param denials what is denied by which policy, in the order of policies
/// @param notProbed `shop/pod/x: why`
public record LabReport(
    ProbeReport probes, List<End> ends, List<Denial> denials, List<String> notProbed) {
  public LabReport {
    ends = List.copyOf(ends);
    denials = List.copyOf(denials);
    notProbed = List.copyOf(notProbed);
  }

  /// One pod or outside host.
  ///
  /// @param id as the probes name it
  /// @param group the id of its workload, or its own
  /// @param ports those it declares: `8080/TCP`
  public record End(String id, String group, List<String> ports) {
    public End {
      ports = List.copyOf(ports);
    }
  }

  /// How many probes a policy denies: where several isolate one pod and none of their rules match,
  /// each of them counts.
  ///
  /// @param policy `networkpolicy/shop/db`
  /// @param outOf groups whose opening it denies
  /// @param into groups whose accepting it denies
  public record Denial(String policy, int probes, List<String> outOf, List<String> into) {
    public Denial {
      outOf = List.copyOf(outOf);
      into = List.copyOf(into);
    }
  }
}
