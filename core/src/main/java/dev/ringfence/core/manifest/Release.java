package dev.ringfence.core.manifest;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A minor release of Kubernetes, by what its answers differ in (S172, S190).
///
/// @param minor whose words it uses: 37 is 1.37
/// @param gates whose rules are on; a newer server that emulates an older one has other gates than
///   words
public record Release(int minor, int gates) {
  private static final int OLDEST = 33;
  private static final int LATEST = 37;
  private static final Pattern SPELLING = Pattern.compile("v?1\\.([0-9]{1,3})(\\.[0-9]+)?");

  public static final Release NEWEST = new Release(LATEST, LATEST);

  /// `1.36`, `v1.36` or `1.36.3`; empty for anything else and for releases we do not know.
  public static Optional<Release> parse(String text) {
    Matcher spelled = SPELLING.matcher(text);
    if (!spelled.matches()) {
      return Optional.empty();
    }
    int minor = Integer.parseInt(spelled.group(1));
    return minor < OLDEST || minor > LATEST
        ? Optional.empty()
        : Optional.of(new Release(minor, minor));
  }

  /// Those that [#parse] knows, as a person reads it.
  public static String known() {
    return "1." + OLDEST + " to 1." + LATEST;
  }

  /// Whether CIDRs must be spelled strictly (S169).
  boolean strictCidrs() {
    return gates >= 36;
  }

  /// Whether a missing `cidr` is reported behind everything else (S133).
  boolean missingCidrLast() {
    return gates >= 36;
  }

  /// What follows a CIDR with leading zeros or a mapped address in a warning (S171).
  String nonStandardCidr() {
    return minor >= 36 ? "is invalid" : "will be considered invalid in a future Kubernetes release";
  }

  /// Whether an endPort below its port is reported with its own number, not the port's (S154).
  boolean printsEndPort() {
    return minor >= 37;
  }

  /// What the length of label keys and values is counted in (S145, S146).
  String labelUnit() {
    return minor >= 35 ? "bytes" : "characters";
  }

  /// How the message about two slashes in a key begins (S145).
  String keyNoun() {
    return minor >= 35 ? "a valid label key" : "a qualified name";
  }
}
