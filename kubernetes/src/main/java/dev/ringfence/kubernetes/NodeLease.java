package dev.ringfence.kubernetes;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The Lease in which a node's agent says how it stands, so that one command can ask them all.
///
/// @param renewed when the agent last said so
public record NodeLease(NodeReport report, Instant renewed) {
  /// After so long without a word an agent is taken for gone.
  public static final Duration LASTS = Duration.ofSeconds(40);

  /// What all of them are labelled with.
  public static final String LABEL = "app.kubernetes.io/name=ringfence-agent";

  private static final String PREFIX = "ringfence.dev/";

  /// Kubernetes wants six digits of every second.
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final JsonMapper JSON = new JsonMapper();

  /// Where the Leases of a namespace are.
  static String path(String namespace) {
    return "/apis/coordination.k8s.io/v1/namespaces/" + namespace + "/leases";
  }

  /// The name of a node's.
  static String name(String node) {
    return "ringfence-" + node.toLowerCase(Locale.ROOT);
  }

  /// What to apply.
  String json(String namespace) {
    ObjectNode root = JSON.createObjectNode();
    root.put("apiVersion", "coordination.k8s.io/v1").put("kind", "Lease");
    ObjectNode metadata = root.putObject("metadata");
    metadata.put("name", name(report.node())).put("namespace", namespace);
    String[] label = LABEL.split("=", 2);
    metadata.putObject("labels").put(label[0], label[1]);
    metadata
        .putObject("annotations")
        .put(PREFIX + "node", report.node())
        .put(PREFIX + "generation", Long.toString(report.generation()))
        .put(PREFIX + "policies", report.policies())
        .put(PREFIX + "trouble", report.trouble())
        .put(PREFIX + "version", report.version());
    root.putObject("spec")
        .put("holderIdentity", report.boot())
        .put("leaseDurationSeconds", LASTS.toSeconds())
        .put("renewTime", MICROS.format(renewed));
    return root.toString();
  }

  /// Reads one back.
  static NodeLease of(JsonNode lease) {
    JsonNode said = lease.path("metadata").path("annotations");
    String renewed = lease.path("spec").path("renewTime").asString("1970-01-01T00:00:00Z");
    return new NodeLease(
        new NodeReport(
            said.path(PREFIX + "node").asString(""),
            lease.path("spec").path("holderIdentity").asString(""),
            number(said.path(PREFIX + "generation").asString("")),
            said.path(PREFIX + "policies").asString(""),
            said.path(PREFIX + "trouble").asString(""),
            said.path(PREFIX + "version").asString("")),
        Instant.parse(renewed));
  }

  private static long number(String text) {
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }
}
