package dev.ringfence.lab.cluster;

import dev.ringfence.lab.api.objects.Json;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The pod templates of workloads, and what tells one from another.
final class Templates {
  /// The label that a Deployment gives each of its ReplicaSets, and their pods.
  static final String HASH = "pod-template-hash";

  private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";
  private static final int FNV_OFFSET = 0x811c9dc5;
  private static final int FNV_PRIME = 0x01000193;

  private Templates() {}

  /// The template, as the Deployment has it.
  static ObjectNode of(ObjectNode workload) {
    JsonNode found = Json.at(workload, "spec", "template");
    ObjectNode out = found instanceof ObjectNode template ? template.deepCopy() : Json.object();
    if (Json.at(out, "metadata", "labels") instanceof ObjectNode labels) {
      labels.remove(HASH);
    }
    return out;
  }

  /// `6d4f8c5b9`: of letters that make no words.
  static String hash(ObjectNode workload) {
    int hash = FNV_OFFSET;
    for (byte one : of(workload).toString().getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (one & 0xff)) * FNV_PRIME;
    }
    StringBuilder out = new StringBuilder();
    for (char digit : Integer.toUnsignedString(hash).toCharArray()) {
      out.append(LETTERS.charAt((digit - '0') % LETTERS.length()));
    }
    return out.toString();
  }
}
