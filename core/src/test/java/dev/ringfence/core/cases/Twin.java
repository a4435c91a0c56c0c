package dev.ringfence.core.cases;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The same case with every IPv4 address and block as one of IPv6.
public final class Twin {
  private static final Pattern V4 =
      Pattern.compile("(\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3})(?:/(\\d+))?");
  private static final Pattern WRITTEN_V6 = Pattern.compile(", \\{ip: 'fd44:[^}]*}");

  private Twin() {}

  /// Every address of the text replaced.
  ///
  /// @param text manifests, and comments; addresses in comments are not quoted
  static String of(String text) {
    StringBuilder out = new StringBuilder();
    text.lines()
        .forEach(line -> {
          String mark = line.startsWith("#") ? "" : "'";
          String alone = WRITTEN_V6.matcher(line).replaceAll("");
          out.append(V4.matcher(alone).replaceAll(found -> mark + twin(found) + mark)).append('\n');
        });
    return out.toString();
  }

  private static String twin(MatchResult found) {
    String prefix = found.group(2);
    return of(Address.of(found.group(1)))
        + (prefix == null ? "" : "/" + (96 + Integer.parseInt(prefix)));
  }

  /// Its IPv4 address as the end of one of IPv6; IPv6 addresses stay.
  public static Address of(Address address) {
    if (address.family() == Family.IPV6) {
      return address;
    }
    boolean loopback = address.toString().startsWith("127.");
    long low = loopback ? 1 : address.low() & 0xFFFF_FFFFL;
    return Address.ofV6(loopback ? 0 : 0xfd64_0000_0000_0000L, low);
  }
}
