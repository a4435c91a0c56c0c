package dev.ringfence.kubernetes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Private keys in PEM, in all forms that kubeconfigs have: PKCS#8, and the older ones for RSA
/// (kubeadm) and for elliptic curves (k3s), which the JDK does not read and which PKCS#8 only
/// wraps.
final class PrivateKeys {
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN ((?:RSA |EC )?)PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END");
  private static final List<String> KINDS = List.of("RSA", "EC", "EdDSA");
  private static final byte[] VERSION_0 = HexFormat.of().parseHex("020100");
  private static final byte[] RSA = HexFormat.of().parseHex("06092a864886f70d0101010500");
  private static final byte[] ELLIPTIC = HexFormat.of().parseHex("06072a8648ce3d0201");
  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;
  private static final int PARAMETERS = 0xa0;

  private PrivateKeys() {}

  /// The first key in the text.
  ///
  /// @throws IOException if there is none, or one of a kind that nobody here knows
  static PrivateKey read(byte[] pem) throws IOException {
    Matcher found = PEM.matcher(new String(pem, StandardCharsets.ISO_8859_1));
    if (!found.find()) {
      throw new IOException("no private key in PEM (one with a password cannot be read)");
    }
    byte[] key = Base64.getMimeDecoder().decode(found.group(2));
    PKCS8EncodedKeySpec spec =
        new PKCS8EncodedKeySpec(
            switch (found.group(1)) {
              case "RSA " -> wrapped(RSA, key);
              case "EC " -> wrapped(joined(ELLIPTIC, curve(key)), key);
              default -> key;
            });
    for (String kind : KINDS) {
      try {
        return KeyFactory.getInstance(kind).generatePrivate(spec);
      } catch (InvalidKeySpecException _) {
        // Of another kind, then.
      } catch (GeneralSecurityException missing) {
        throw new IOException(missing);
      }
    }
    throw new IOException("a private key of a kind that is not known, or a broken one");
  }

  private static byte[] wrapped(byte[] algorithm, byte[] key) {
    return der(SEQUENCE, joined(VERSION_0, der(SEQUENCE, algorithm), der(OCTETS, key)));
  }

  /// The parameters that an elliptic key names: after its version and its number.
  private static byte[] curve(byte[] key) throws IOException {
    ByteBuffer within = ByteBuffer.wrap(key);
    try {
      within.get();
      length(within);
      while (within.hasRemaining()) {
        int tag = within.get() & 0xff;
        byte[] value = new byte[length(within)];
        within.get(value);
        if (tag == PARAMETERS) {
          return value;
        }
      }
    } catch (RuntimeException broken) {
      throw new IOException("a broken elliptic private key", broken);
    }
    throw new IOException("an elliptic private key that does not name its curve");
  }

  private static int length(ByteBuffer in) {
    int first = in.get() & 0xff;
    int length = first < 0x80 ? first : 0;
    for (int i = 0; first >= 0x80 && i < first - 0x80; i++) {
      length = (length << 8) | (in.get() & 0xff);
    }
    return length;
  }

  private static byte[] der(int tag, byte[] value) {
    int length = value.length;
    byte[] head;
    if (length < 0x80) {
      head = new byte[] {(byte) tag, (byte) length};
    } else if (length < 0x100) {
      head = new byte[] {(byte) tag, (byte) 0x81, (byte) length};
    } else {
      head = new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
    }
    return joined(head, value);
  }

  private static byte[] joined(byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteBuffer out = ByteBuffer.allocate(length);
    for (byte[] part : parts) {
      out.put(part);
    }
    return out.array();
  }
}
