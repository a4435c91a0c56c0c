package dev.ringfence.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why one end may or may not open a port of another (formats.md, explain).
///
/// @param protocol absent, like `port`, `allowed` and both sides, where all ports were asked
/// @param sentence the answer for a person
/// @param family absent where no end has an address
/// @param backends pods behind a Service address; absent unless `to` is one
/// @param backend the one of them that the rest is about
/// @param byPorts every port, by what decides it; absent where one port was asked
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
  "apiVersion",
  "kind",
  "from",
  "to",
  "protocol",
  "port",
  "allowed",
  "sentence",
  "egress",
  "ingress",
  "family",
  "certainty",
  "backends",
  "backend",
  "byPorts"
})
public record Explanation(
    String from,
    String to,
    @Nullable String protocol,
    @Nullable Integer port,
    @Nullable Boolean allowed,
    String sentence,
    @Nullable Side egress,
    @Nullable Side ingress,
    @Nullable String family,
    @Nullable String certainty,
    @Nullable List<String> backends,
    @Nullable Backend backend,
    @Nullable List<Part> byPorts) {
  public Explanation {
    backends = backends == null ? null : List.copyOf(backends);
    byPorts = byPorts == null ? null : List.copyOf(byPorts);
  }

  @JsonProperty
  public String apiVersion() {
    return "ringfence.dev/v1";
  }

  @JsonProperty
  public String kind() {
    return "Explanation";
  }

  /// Where a Service leads; policies see this and not the Service (S105).
  public record Backend(String pod, int port) {}

  /// Ports that the same rules decide in the same way.
  ///
  /// @param all whether these are all there are; then `ports` is empty
  public record Part(
      boolean all,
      List<PortEntry> ports,
      boolean allowed,
      String certainty,
      Side egress,
      Side ingress) {
    public Part {
      ports = List.copyOf(ports);
    }
  }

  /// What one end says.
  public sealed interface Side {
    /// `allowed`, `denied`, `not-isolated`, `own-node`, `self` or `not-applicable`.
    String verdict();
  }

  /// No rule had a say.
  public record Free(String verdict) implements Side {}

  /// Policies had a say.
  ///
  /// @param isolatedBy the NetworkPolicies that isolate the pod in this direction
  /// @param decidedBy the rule; null where none matched
  /// @param nearMisses closest first; absent unless denied
  /// @param smallestFix absent unless denied
  public record Judged(
      String verdict,
      List<Named> isolatedBy,
      @Nullable Decider decidedBy,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Miss> nearMisses,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable SmallestFix smallestFix)
      implements Side {
    public Judged {
      isolatedBy = List.copyOf(isolatedBy);
      nearMisses = nearMisses == null ? null : List.copyOf(nearMisses);
    }
  }

  /// A policy and where it stands; null where nobody knows.
  public record Named(String policy, @Nullable String file, @Nullable Integer line) {}

  /// The rule that decided; indices are those of the manifest's lists.
  ///
  /// @param peer null where the rule is about any peer; likewise `port`
  /// @param differs empty: it matched
  /// @param action `Accept`, `Deny` or, of a NetworkPolicy, `Allow`
  public record Decider(
      String policy,
      @Nullable Integer rule,
      @Nullable Integer peer,
      @Nullable Integer port,
      @Nullable String file,
      @Nullable Integer line,
      List<Differing> differs,
      String action,
      String tier) {
    public Decider {
      differs = List.copyOf(differs);
    }
  }

  /// A rule that would have allowed it but for what differs.
  ///
  /// @param rule null where the policy has none in this direction
  public record Miss(
      String policy,
      @Nullable Integer rule,
      @Nullable Integer peer,
      @Nullable Integer port,
      @Nullable String file,
      @Nullable Integer line,
      List<Differing> differs) {
    public Miss {
      differs = List.copyOf(differs);
    }
  }

  /// One difference; `"wants":null` and `"has":null` mean absence.
  ///
  /// @param key of a label
  public record Differing(
      String what,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String key,
      @Nullable String wants,
      @Nullable String has) {}

  /// What makes this side allow it.
  ///
  /// @param manifest YAML to apply besides what is there; null where no NetworkPolicy can
  /// @param opens how many further pairs it opens; null without a manifest
  /// @param alsoOpens those pairs
  public record SmallestFix(
      String text, @Nullable String manifest, @Nullable Integer opens, List<AlsoOpened> alsoOpens) {
    public SmallestFix {
      alsoOpens = List.copyOf(alsoOpens);
    }
  }

  /// A pair that a fix opens besides the one that was asked about.
  ///
  /// @param from an id, or an address or range outside; likewise `to`
  public record AlsoOpened(String from, String to, boolean all, List<PortEntry> ports) {
    public AlsoOpened {
      ports = List.copyOf(ports);
    }
  }
}
