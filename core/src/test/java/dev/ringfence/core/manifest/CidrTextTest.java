package dev.ringfence.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Sloppy and strict reading of CIDRs (S40, S161 to S163, S168, S171, S183).
class CidrTextTest {
  private static final String LEADING = "must not have leading 0s in IP or prefix length";

  @ParameterizedTest
  @CsvSource({
    "010.0.0.0/8, 10.0.0.0/8",
    "10.000.0.0/08, 10.0.0.0/8",
    "::ffff:10.1.0.0/112, 10.1.0.0/16",
    "::ffff:010.1.0.0/96, 0.0.0.0/0",
    "2001:DB8::/32, 2001:db8::/32",
    "10.1.2.3/8, 10.0.0.0/8",
    "00.0.0.0/0, 0.0.0.0/0",
  })
  void whatAnOldServerStoredIsRead(String text, String meaning) {
    assertThat(CidrText.sloppy(text).map(read -> read.cidr().toString())).contains(meaning);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0/8", "' 10.0.0.0/8'",
    "'10.0.0.0/8 '", "fe80::%eth0/64", "10.*.0.0/8", "256.0.0.0/8", "1.2.3.4.5/8", "::/129",
    "١٠.0.0.0/8", "10.0.0.0/+8", "/8", "2001:db8:::/32", "''",
  })
  void whatNobodyReads(String text) {
    assertThat(CidrText.sloppy(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"00.0.0.0/0", "0.0.0.0/00", "2001:db8::/032", "010.1.2.3/8", "::ffff:010.0.0.0/104"})
  void leadingZerosComeFirst(String text) {
    assertThat(CidrText.sloppy(text).orElseThrow().strictMistake(text)).contains(LEADING);
  }

  @Test
  void thenMappedThenHostBits() {
    assertThat(
            CidrText.sloppy("::ffff:10.1.2.3/104")
                .orElseThrow()
                .strictMistake("::ffff:10.1.2.3/104"))
        .contains("must not have an IPv4-mapped IPv6 address");
    assertThat(CidrText.sloppy("10.1.2.3/8").orElseThrow().strictMistake("10.1.2.3/8"))
        .contains("must not have bits set beyond the prefix length");
  }

  private static List<String> warnings(String text, Release release) {
    return CidrText.sloppy(text).orElseThrow().warnings(text, release);
  }

  @Test
  void anotherSpellingIsWarnedOf() {
    assertThat(warnings("64:ff9b::10.0.0.0/104", Release.NEWEST))
        .containsExactly(
            "IPv6 CIDR value \"64:ff9b::10.0.0.0/104\" should be in RFC 5952 canonical format"
                + " (\"64:ff9b::a00:0/104\")");
    assertThat(warnings("2001:db8::/32", Release.NEWEST)).isEmpty();
  }

  @Test
  void bothFaultsAreWarnedOfAmbiguityFirstInTheReleasesWords() {
    assertThat(warnings("::ffff:10.1.2.3/104", new Release(35, 35)))
        .containsExactly(
            "CIDR value \"::ffff:10.1.2.3/104\" is ambiguous in this context (should be"
                + " \"10.0.0.0/8\" or \"10.1.2.3/128\"?)",
            "non-standard CIDR value \"::ffff:10.1.2.3/104\" will be considered invalid in a future"
                + " Kubernetes release: use \"10.0.0.0/8\"");
  }

  @Test
  void aStrictPartHasALongerRawPrefix() {
    CidrText mapped = CidrText.sloppy("::ffff:10.9.0.0/112").orElseThrow();
    CidrText v4 = CidrText.sloppy("10.9.0.0/16").orElseThrow();
    assertThat(mapped.strictlyContains(CidrText.sloppy("10.9.1.0/24").orElseThrow())).isFalse();
    assertThat(v4.strictlyContains(CidrText.sloppy("::ffff:10.9.1.0/120").orElseThrow())).isTrue();
    assertThat(v4.strictlyContains(v4)).isFalse();
    assertThat(v4.strictlyContains(CidrText.sloppy("10.8.0.0/15").orElseThrow())).isFalse();
    assertThat(v4.strictlyContains(CidrText.sloppy("::/96").orElseThrow())).isFalse();
  }
}
