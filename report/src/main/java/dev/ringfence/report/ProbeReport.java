package dev.ringfence.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What `lab probe` found: our answer beside what the packet did.
///
/// @param dataplane `kernel`, or `evaluator` where no packets were sent
/// @param different how many probes answer and packet disagree on
@JsonPropertyOrder({"apiVersion", "kind", "dataplane", "probes", "different"})
public record ProbeReport(
    String apiVersion, String kind, String dataplane, List<Probe> probes, int different) {
  public ProbeReport {
    probes = List.copyOf(probes);
  }

  /// The report of these probes, which counts how many differ.
  ///
  /// @param dataplane `kernel` or `evaluator`
  public static ProbeReport of(String dataplane, List<Probe> probes) {
    int different = (int) probes.stream().filter(Probe::differs).count();
    return new ProbeReport("ringfence.dev/v1", "ProbeReport", dataplane, probes, different);
  }

  /// One probe; `packet` is written even where it is null.
  ///
  /// @param to a pod, a host outside, or the Service that was dialled
  /// @param port absent where the protocol has none
  /// @param answer `allowed` or `denied`
  /// @param packet likewise, from what was seen inside the destination's namespace; null without a
  ///   kernel
  /// @param node whose address was dialled, where a Service was entered by a node's port
  /// @param backend the pod that the Service leads this connection to, which `answer` and `packet`
  ///   are about
  /// @param targetPort that pod's port
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Probe(
      String from,
      String to,
      String protocol,
      @Nullable Integer port,
      String family,
      String answer,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String packet,
      @Nullable String node,
      @Nullable String backend,
      @Nullable Integer targetPort) {
    /// A probe past all Services.
    public Probe(
        String from,
        String to,
        String protocol,
        @Nullable Integer port,
        String family,
        String answer,
        @Nullable String packet) {
      this(from, to, protocol, port, family, answer, packet, null, null, null);
    }

    boolean differs() {
      return packet != null && !packet.equals(answer);
    }
  }
}
