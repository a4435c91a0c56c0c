package dev.ringfence.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// `PORT[/PROTOCOL]` as typed: `8080`, `53/udp`, `icmp`.
///
/// @param protocol `TCP`, `UDP`, `SCTP`, `ICMP`, `ICMPv6` or `other`
/// @param port null where the protocol has none
record Asked(String protocol, @Nullable Integer port) {

  /// Reads it, whatever the case of its letters.
  ///
  /// @throws Failure saying what a port looks like
  static Asked parse(String text) {
    int slash = text.indexOf('/');
    String first = slash < 0 ? text : text.substring(0, slash);
    if (first.matches("[0-9]{1,9}")) {
      int port = Integer.parseInt(first);
      String protocol = slash < 0 ? "TCP" : text.substring(slash + 1).toUpperCase(Locale.ROOT);
      if (port >= 1
          && port <= 65_535
          && (protocol.equals("TCP") || protocol.equals("UDP") || protocol.equals("SCTP"))) {
        return new Asked(protocol, port);
      }
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "icmp" -> new Asked("ICMP", null);
      case "icmpv6" -> new Asked("ICMPv6", null);
      case "other" -> new Asked("other", null);
      default ->
          throw new Failure(
              text
                  + ": not a port: write 8080, 8080/TCP, 53/UDP, 9000/SCTP, ICMP, ICMPv6 or other"
                  + " (a number from 1 to 65535)");
    };
  }
}
