package dev.ringfence.kubernetes;

import dev.ringfence.core.model.ObjectName;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// On which nodes a policy is in force as the server holds it now.
///
/// @param policy its id
/// @param generation `metadata.generation`
/// @param nodes of the cluster, by name
public record Rollout(String policy, long generation, List<OnNode> nodes) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration ANSWER = Duration.ofSeconds(30);

  public Rollout {
    nodes = List.copyOf(nodes);
  }

  /// One node.
  ///
  /// @param missing why it is not in force there; empty if it is
  public record OnNode(String node, String missing) {
    public boolean inForce() {
      return missing.isEmpty();
    }
  }

  /// How many nodes have it.
  public long inForce() {
    return nodes.stream().filter(OnNode::inForce).count();
  }

  public boolean complete() {
    return inForce() == nodes.size();
  }

  /// Asks the server for the policy, its nodes, and the Leases of their agents.
  ///
  /// @param namespace where the agents keep their Leases
  /// @throws ApiException of 404 where there is no such policy
  public static Rollout of(ApiServer server, ObjectName policy, String namespace)
      throws IOException, InterruptedException {
    JsonNode wanted =
        get(
            server,
            "/apis/networking.k8s.io/v1/namespaces/"
                + encoded(policy.namespace())
                + "/networkpolicies/"
                + encoded(policy.name()));
    JsonNode metadata = wanted.path("metadata");
    String version = metadata.path("resourceVersion").asString("");
    Map<String, NodeLease> leases = new HashMap<>();
    String all = NodeLease.path(encoded(namespace)) + "?labelSelector=" + encoded(NodeLease.LABEL);
    for (JsonNode lease : get(server, all).path("items")) {
      NodeLease read = NodeLease.of(lease);
      leases.put(read.report().node(), read);
    }
    TreeSet<String> names = new TreeSet<>();
    for (JsonNode node : get(server, "/api/v1/nodes").path("items")) {
      names.add(node.path("metadata").path("name").asString(""));
    }
    List<OnNode> nodes = new ArrayList<>();
    Instant now = Instant.now();
    for (String name : names) {
      nodes.add(new OnNode(name, missing(leases.get(name), version, now)));
    }
    return new Rollout("networkpolicy/" + policy, metadata.path("generation").asLong(0), nodes);
  }

  private static String missing(
      @org.jspecify.annotations.Nullable NodeLease lease, String version, Instant now) {
    if (lease == null) {
      return "no agent has said anything yet";
    }
    Duration silent = Duration.between(lease.renewed(), now);
    if (silent.compareTo(NodeLease.LASTS) > 0) {
      return "its agent has said nothing for " + silent.toSeconds() + " s";
    }
    String trouble = lease.report().trouble();
    String why = trouble.isEmpty() ? "" : ": " + trouble;
    return reaches(lease.report().policies(), version) ? "" : "not yet" + why;
  }

  /// Versions of one resource are whole numbers that count up.
  static boolean reaches(String has, String wants) {
    return has.length() == wants.length()
        ? has.compareTo(wants) >= 0
        : has.length() > wants.length();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static JsonNode get(ApiServer server, String path)
      throws IOException, InterruptedException {
    try (InputStream in = server.get(path, ANSWER)) {
      return JSON.readTree(in);
    } catch (JacksonException broken) {
      throw new IOException(path + ": " + broken.getOriginalMessage(), broken);
    }
  }
}
