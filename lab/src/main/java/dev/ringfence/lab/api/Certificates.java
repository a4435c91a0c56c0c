package dev.ringfence.lab.api;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;

/// Makes a certificate that vouches for itself, for this machine alone:
/// <https://www.rfc-editor.org/rfc/rfc5280>.
final class Certificates {
  private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
  private static final String COMMON_NAME = "2.5.4.3";
  private static final String ALTERNATIVE_NAMES = "2.5.29.17";
  private static final String BASIC_CONSTRAINTS = "2.5.29.19";
  private static final Duration BEFORE = Duration.ofHours(24);
  private static final Duration LASTS = Duration.ofDays(3650);

  private Certificates() {}

  /// A certificate of these keys, signed by them.
  ///
  /// @param keys of an elliptic curve
  /// @return DER
  static byte[] selfSigned(KeyPair keys, SecureRandom random, Instant now)
      throws GeneralSecurityException {
    byte[] algorithm = Der.sequence(Der.identifier(ECDSA_WITH_SHA256));
    byte[] name =
        Der.sequence(Der.set(Der.sequence(Der.identifier(COMMON_NAME), Der.utf8("ringfence lab"))));
    byte[] content =
        Der.sequence(
            Der.tagged(0, Der.integer(BigInteger.TWO)), // version 3
            Der.integer(new BigInteger(120, random).setBit(119)),
            algorithm,
            name,
            Der.sequence(Der.time(now.minus(BEFORE)), Der.time(now.plus(LASTS))),
            name,
            keys.getPublic().getEncoded(),
            Der.tagged(3, Der.sequence(alternativeNames(), authority())));
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(keys.getPrivate(), random);
    signature.update(content);
    return Der.sequence(content, algorithm, Der.bits(signature.sign()));
  }

  private static byte[] alternativeNames() {
    byte[] loopback6 = new byte[16];
    loopback6[15] = 1;
    byte[] names =
        Der.sequence(
            Der.implicit(2, "localhost".getBytes(StandardCharsets.US_ASCII)),
            Der.implicit(7, new byte[] {127, 0, 0, 1}),
            Der.implicit(7, loopback6));
    return Der.sequence(Der.identifier(ALTERNATIVE_NAMES), Der.octets(names));
  }

  private static byte[] authority() {
    return Der.sequence(
        Der.identifier(BASIC_CONSTRAINTS), Der.yes(), Der.octets(Der.sequence(Der.yes())));
  }
}
