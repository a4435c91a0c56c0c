package dev.ringfence.e2e;

import dev.ringfence.e2e.wire.Command;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// How the network namespace looks that these tests were started in; nothing of it may change.
final class MainNamespace {
  /// What counts or runs down by itself.
  private static final Pattern COUNTERS =
      Pattern.compile(
          "(?m)^net\\.netfilter\\.nf_conntrack_count.*\n|(valid_lft|preferred_lft|expires) [0-9]+sec"
              + "|packets [0-9]+ bytes [0-9]+");

  private MainNamespace() {}

  /// Rules, addresses, routes and settings, as the usual commands print them.
  static Map<String, String> look() {
    Map<String, String> out = new TreeMap<>();
    for (String command :
        List.of(
            "nft list ruleset",
            "ip address",
            "ip route show table all",
            "ip -6 route show table all",
            "ip rule",
            "ip netns list-id",
            "sysctl -e net")) {
      String said = Command.run("", List.of(command.split(" ", -1)));
      out.put(command, COUNTERS.matcher(said).replaceAll(""));
    }
    return out;
  }
}
