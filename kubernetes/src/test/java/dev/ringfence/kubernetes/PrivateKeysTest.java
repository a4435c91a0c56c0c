package dev.ringfence.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Keys in every form that kubeconfigs have them in.
final class PrivateKeysTest {
  private static PrivateKey key(String kind) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
    if (!kind.equals("Ed25519")) {
      generator.initialize(kind.equals("EC") ? 256 : 2048);
    }
    return generator.generateKeyPair().getPrivate();
  }

  private static byte[] pem(String what, byte[] der) {
    String text =
        "some words\n-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(what, Base64.getMimeEncoder().encodeToString(der), what);
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void pkcs8OfEveryKind(String kind) throws Exception {
    PrivateKey key = key(kind);
    assertThat(PrivateKeys.read(pem("PRIVATE KEY", key.getEncoded()))).isEqualTo(key);
  }

  /// What PKCS#8 wraps is the last thing in it.
  @Test
  void theOlderFormOfRsa() throws Exception {
    PrivateKey key = key("RSA");
    byte[] whole = key.getEncoded();
    byte[] inner = Arrays.copyOfRange(whole, 26, whole.length);
    assertThat(PrivateKeys.read(pem("RSA PRIVATE KEY", inner))).isEqualTo(key);
  }

  @Test
  void theOlderFormOfEllipticKeysNamesItsCurve() throws Exception {
    PrivateKey key = key("EC");
    byte[] whole = key.getEncoded();
    byte[] number = Arrays.copyOfRange(whole, whole.length - 32, whole.length);
    byte[] inner =
        ByteBuffer.allocate(51)
            .put(new byte[] {0x30, 49, 2, 1, 1, 4, 32})
            .put(number)
            .put(new byte[] {(byte) 0xa0, 10, 6, 8})
            .put(new byte[] {0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 3, 1, 7})
            .array();
    ECPrivateKey read = (ECPrivateKey) PrivateKeys.read(pem("EC PRIVATE KEY", inner));
    assertThat(read.getS()).isEqualTo(((ECPrivateKey) key).getS());
    assertThat(read.getParams().getOrder()).isEqualTo(((ECPrivateKey) key).getParams().getOrder());
    byte[] short1 = Arrays.copyOf(inner, 20);
    assertThatThrownBy(() -> PrivateKeys.read(pem("EC PRIVATE KEY", short1)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("elliptic");
  }

  @Test
  void whatIsNoKeyIsSaid() {
    assertThatThrownBy(() -> PrivateKeys.read(pem("PRIVATE KEY", new byte[] {1, 2, 3})))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> PrivateKeys.read(pem("ENCRYPTED PRIVATE KEY", new byte[] {1})))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("password");
  }
}
