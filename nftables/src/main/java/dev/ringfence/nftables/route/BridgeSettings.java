package dev.ringfence.nftables.route;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Whether bridged packets meet the rules of the network namespace of the calling thread.
public final class BridgeSettings {
  private static final List<String> NEEDED =
      List.of("net.bridge.bridge-nf-call-iptables", "net.bridge.bridge-nf-call-ip6tables");

  private BridgeSettings() {}

  /// Those of the two settings that are not 1, each as a sentence; a kernel without them, since
  /// `br_netfilter` is not loaded, shows no bridged packet to any rule.
  public static List<String> missing() {
    List<String> out = new ArrayList<>();
    for (String setting : NEEDED) {
      String value = value(setting);
      if (!value.equals("1")) {
        out.add(setting + " is " + value + ", not 1: bridged pods are not protected");
      }
    }
    return out;
  }

  private static String value(String setting) {
    try {
      return Files.readString(Path.of("/proc/sys", setting.replace('.', '/'))).strip();
    } catch (IOException absent) {
      return "absent";
    }
  }
}
