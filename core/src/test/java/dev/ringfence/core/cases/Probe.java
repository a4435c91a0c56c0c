package dev.ringfence.core.cases;

import dev.ringfence.core.model.Protocol;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One line of `expected.jsonl`.
record Probe(
    String line, String from, String to, Protocol protocol, OptionalInt port, boolean allowed) {
  private static final Pattern PAIR =
      Pattern.compile("\"(\\w+)\"\\s*:\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^,}\\s]+))");

  static Probe read(String line) {
    Map<String, String> keys = new HashMap<>();
    Matcher matcher = PAIR.matcher(line);
    while (matcher.find()) {
      keys.put(matcher.group(1), matcher.group(2) == null ? matcher.group(3) : matcher.group(2));
    }
    Protocol protocol =
        switch (keys.getOrDefault("protocol", "")) {
          case "TCP" -> Protocol.TCP;
          case "UDP" -> Protocol.UDP;
          case "SCTP" -> Protocol.SCTP;
          default -> Protocol.OTHER;
        };
    return new Probe(
        line,
        keys.getOrDefault("from", ""),
        keys.getOrDefault("to", ""),
        protocol,
        protocol.hasPorts()
            ? OptionalInt.of(Integer.parseInt(keys.getOrDefault("port", "")))
            : OptionalInt.empty(),
        Boolean.parseBoolean(keys.getOrDefault("allowed", "")));
  }
}
