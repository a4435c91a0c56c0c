package dev.ringfence.core.cases;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/// One case: manifests, and probes with the expected answer, one JSON object a line.
///
/// @param id its folder
record Case(String id, String manifests, String expected) {
  private static final String MANIFESTS = "/manifests.yaml";
  private static final String EXPECTED = "/expected.jsonl";

  /// The cases of a `.tar.gz`, by id.
  static List<Case> in(Path path) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (InputStream bytes = new GZIPInputStream(Files.newInputStream(path))) {
      untar(bytes, files);
    }
    List<Case> out = new ArrayList<>();
    files.forEach((name, text) -> {
      if (name.endsWith(MANIFESTS)) {
        String id = name.substring(0, name.length() - MANIFESTS.length());
        out.add(new Case(id, text, files.getOrDefault(id + EXPECTED, "")));
      }
    });
    return out;
  }

  private static void untar(InputStream tar, Map<String, String> files) throws IOException {
    byte[] header = new byte[512];
    while (tar.readNBytes(header, 0, 512) == 512 && header[0] != 0) {
      int size = Integer.parseInt(field(header, 124, 12).trim(), 8);
      byte[] bytes = tar.readNBytes(size);
      tar.skipNBytes((512 - size % 512) % 512);
      if (header[156] == '0' || header[156] == 0) {
        files.put(field(header, 0, 100), new String(bytes, StandardCharsets.UTF_8));
      }
    }
  }

  private static String field(byte[] header, int from, int length) {
    int end = from;
    while (end < from + length && header[end] != 0) {
      end++;
    }
    return new String(header, from, end - from, StandardCharsets.US_ASCII);
  }

  /// Whether it holds policies of a kind that is not enforced yet (S179).
  boolean hasClusterPolicies() {
    return manifests
        .lines()
        .anyMatch(line ->
            line.matches("kind: (Cluster|Admin|BaselineAdmin)NetworkPolicy\\s*")
                || line.contains("policy.networking.k8s.io"));
  }

  List<Probe> probes() {
    return expected.lines().filter(line -> !line.isBlank()).map(Probe::read).toList();
  }
}
