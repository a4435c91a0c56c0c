package dev.ringfence.kubernetes;

import java.util.SplittableRandom;

/// Objects as an API server writes them, with `%s` for the resource version.
final class Objects {
  private Objects() {}

  private static String labels(SplittableRandom dice) {
    return "{\"app\":\"l" + dice.nextInt(3) + "\"}";
  }

  static String namespace(String name, SplittableRandom dice) {
    return "{\"metadata\":{\"name\":\""
        + name
        + "\",\"resourceVersion\":\"%s\",\"labels\":"
        + labels(dice)
        + "},\"spec\":{\"finalizers\":[\"kubernetes\"]},\"status\":{}}";
  }

  static String pod(String name, SplittableRandom dice) {
    String[] phases = {"Pending", "Running", "Running", "Succeeded"};
    String ip = "10.0.0." + (1 + dice.nextInt(6));
    return "{\"metadata\":{\"name\":\""
        + name
        + "\",\"namespace\":\"x\",\"uid\":\"u-"
        + dice.nextInt(3)
        + "\",\"resourceVersion\":\"%s\",\"labels\":"
        + labels(dice)
        + ",\"managedFields\":[{\"fieldsV1\":{\"f:metadata\":{}}}],\"annotations\":{\"a\":\"b\"}},"
        + "\"spec\":{\"nodeName\":\"node-1\",\"volumes\":[{\"name\":\"v\",\"emptyDir\":{}}],"
        + "\"containers\":[{\"name\":\"c\",\"image\":\"i\",\"ports\":"
        + "[{\"name\":\"http\",\"containerPort\":8080,\"protocol\":\"TCP\"}]}]},"
        + "\"status\":{\"phase\":\""
        + phases[dice.nextInt(4)]
        + "\",\"podIPs\":[{\"ip\":\""
        + ip
        + "\"}],\"podIP\":\""
        + ip
        + "\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}],"
        + "\"startTime\":\"2026-01-01T00:00:0"
        + dice.nextInt(10)
        + "Z\"}}";
  }

  static String policy(String name, SplittableRandom dice) {
    return "{\"metadata\":{\"name\":\""
        + name
        + "\",\"namespace\":\"x\",\"uid\":\"p-"
        + name
        + "\",\"generation\":"
        + (1 + dice.nextInt(5))
        + ",\"resourceVersion\":\"%s\"},"
        + "\"spec\":{\"podSelector\":{\"matchLabels\":"
        + labels(dice)
        + "},\"policyTypes\":[\"Ingress\"],\"ingress\":[{\"from\":[{\"podSelector\":"
        + "{\"matchLabels\":"
        + labels(dice)
        + "}}],\"ports\":[{\"protocol\":\"TCP\",\"port\":"
        + (80 + dice.nextInt(3))
        + "}]}]}}";
  }
}
