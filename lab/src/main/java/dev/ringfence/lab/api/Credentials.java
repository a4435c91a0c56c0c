package dev.ringfence.lab.api;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// What the endpoint proves itself with, and what its clients do: made once, kept in the folder.
final class Credentials {
  private static final int TOKEN_BYTES = 32;

  private final PrivateKey key;
  private final Certificate certificate;
  private final String token;

  private Credentials(PrivateKey key, Certificate certificate, String token) {
    this.key = key;
    this.certificate = certificate;
    this.token = token;
  }

  /// Those of this folder, made if there are none.
  static Credentials of(Path folder) throws IOException {
    Path key = folder.resolve("server.key");
    Path certificate = folder.resolve("server.crt");
    Path token = folder.resolve("token");
    try {
      if (!Files.exists(key) || !Files.exists(certificate) || !Files.exists(token)) {
        make(key, certificate, token);
      }
      byte[] pkcs8 = Base64.getMimeDecoder().decode(unwrapped(Files.readString(key)));
      return new Credentials(
          KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8)),
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(certificate))),
          Files.readString(token).strip());
    } catch (GeneralSecurityException broken) {
      throw new IOException("cannot use the certificate in " + folder, broken);
    }
  }

  private static void make(Path key, Path certificate, Path token)
      throws IOException, GeneralSecurityException {
    SecureRandom random = new SecureRandom();
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    KeyPair keys = generator.generateKeyPair();
    byte[] signed = Certificates.selfSigned(keys, random, Instant.now());
    byte[] secret = new byte[TOKEN_BYTES];
    random.nextBytes(secret);
    PrivateFiles.write(key, pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
    PrivateFiles.write(certificate, pem("CERTIFICATE", signed));
    PrivateFiles.write(
        token,
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(secret)
            .getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] pem(String what, byte[] der) {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    String out = "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n";
    return out.getBytes(StandardCharsets.US_ASCII);
  }

  private static String unwrapped(String pem) {
    return pem.replaceAll("-----[A-Z ]+-----", "");
  }

  SSLContext tls() throws IOException {
    try {
      char[] none = new char[0];
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, none);
      store.setKeyEntry("server", key, none, new Certificate[] {certificate});
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, none);
      SSLContext out = SSLContext.getInstance("TLS");
      out.init(keys.getKeyManagers(), null, null);
      return out;
    } catch (GeneralSecurityException broken) {
      throw new IOException("cannot serve TLS", broken);
    }
  }

  String token() {
    return token;
  }

  /// Takes as long for a token that is nearly right as for any other.
  boolean accept(String given) {
    return MessageDigest.isEqual(
        token.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }

  byte[] certificatePem() throws IOException {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException broken) {
      throw new IOException("cannot write the certificate", broken);
    }
  }
}
