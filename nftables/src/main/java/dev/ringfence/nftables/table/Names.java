package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.nftables.netlink.NftFamily;
import dev.ringfence.nftables.netlink.TableName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/// What everything in our tables is called: by definition or content, so that a restart and a diff
/// find their way back.
final class Names {
  static final TableName POLICY = new TableName(NftFamily.INET, "ringfence");
  static final TableName GUARD = new TableName(NftFamily.NETDEV, "ringfence");

  static final String GENERATION = "generation";
  static final String CAREFUL = "careful";
  static final String CAREFUL_INPUT = "careful_input";
  static final String BY_HEADER = "by_header";
  static final String BY_REVERSED = "by_reversed";
  static final String DENY_UNSURE = "deny_unsure";
  static final String KEPT = "kept";
  static final String REMEMBER = "remember";
  static final String REMEMBER_INPUT = "remember_input";
  static final String OWNERS = "owners";

  private static final int HASH_DIGITS = 20;

  private Names() {}

  static String deny(Direction direction) {
    return "deny_" + word(direction);
  }

  static String denied(String denyChain) {
    return denyChain.replace("deny", "denied");
  }

  static String group(Direction direction, String id, Family family, Orientation orientation) {
    return word(direction) + "_" + id + digit(family) + orientation.suffix();
  }

  static String dispatch(Direction direction, Family family, Orientation orientation) {
    return word(direction) + "_" + orientation.word() + digit(family);
  }

  static String isolated(Family family) {
    return "isolated" + digit(family);
  }

  /// Every pod of the node, isolated or not.
  static String pods(Family family) {
    return "pods" + digit(family);
  }

  /// Addresses that have changed hands.
  static String anew(Family family) {
    return "anew" + digit(family);
  }

  static String peers(String id, Family family) {
    return "peers_" + id + digit(family);
  }

  /// Peers and the ports that each may use.
  static String allowed(String content, Family family) {
    return "allowed_" + hash(content) + digit(family);
  }

  /// The peers alone.
  static String known(String content, Family family) {
    return "known_" + hash(content) + digit(family);
  }

  static String ports(PortSet ports, Direction direction, Orientation orientation) {
    return "ports_" + hash(ports.toString()) + "_" + word(direction) + orientation.suffix();
  }

  static String portSet(PortSet ports, Protocol protocol) {
    return "ports_" + hash(ports.toString()) + "_" + protocol.toString().toLowerCase(Locale.ROOT);
  }

  static String net(String content, Family family) {
    return "net_" + hash(content) + digit(family);
  }

  /// Interface names may hold what names of chains may not.
  private static String safe(String interfaceName) {
    String safe = interfaceName.replaceAll("[^A-Za-z0-9_.-]", "_");
    return safe.equals(interfaceName) ? safe : safe + "_" + hash(interfaceName);
  }

  static String guard(String interfaceName) {
    return "guard_" + safe(interfaceName);
  }

  static String delivery(String interfaceName) {
    return "deliver_" + safe(interfaceName);
  }

  static String word(Direction direction) {
    return switch (direction) {
      case INGRESS -> "ingress";
      case EGRESS -> "egress";
    };
  }

  private static String digit(Family family) {
    return family == Family.IPV4 ? "_4" : "_6";
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
