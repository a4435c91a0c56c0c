package dev.ringfence.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Whom we take for the server, and the certificate that we show it, as a kubeconfig says.
///
/// The client library adds a kubeconfig's authority to those that the JDK trusts, where kubectl
/// trusts it alone; and it reads few kinds of keys.
final class ServerTls {
  private static final char[] NO_PASSWORD = {};

  private final KeyManager @Nullable [] ours;
  private final TrustManager @Nullable [] theirs;
  private final Map<Path, String> files;

  private ServerTls(
      KeyManager @Nullable [] ours, TrustManager @Nullable [] theirs, Map<Path, String> files) {
    this.ours = ours;
    this.theirs = theirs;
    this.files = Map.copyOf(files);
  }

  /// Takes the certificates out of the configuration.
  ///
  /// @throws IOException where one of them cannot be read
  static ServerTls takeFrom(Config config) throws IOException {
    Map<Path, String> files = new HashMap<>();
    byte[] authority = bytes(config.getCaCertData(), config.getCaCertFile(), files);
    byte[] certificate = bytes(config.getClientCertData(), config.getClientCertFile(), files);
    byte[] key = bytes(config.getClientKeyData(), config.getClientKeyFile(), files);
    config.setClientCertData(null);
    config.setClientCertFile(null);
    config.setClientKeyData(null);
    config.setClientKeyFile(null);
    try {
      return new ServerTls(
          certificate == null || key == null ? null : shown(certificate, key),
          authority == null || config.isTrustCerts() ? null : trusted(authority),
          files);
    } catch (GeneralSecurityException unusable) {
      throw new IOException("its certificates cannot be used: " + unusable.getMessage(), unusable);
    }
  }

  void into(HttpClient.Builder client, Config config) {
    if (ours == null && theirs == null) {
      return; // the JDK's own authorities, or whoever it is (insecure-skip-tls-verify)
    }
    try {
      TrustManager[] trust = theirs == null ? SSLUtils.trustManagers(config) : theirs;
      client.sslContext(ours, trust);
    } catch (IOException | GeneralSecurityException unusable) {
      throw new IllegalArgumentException(unusable);
    }
  }

  /// Whether somebody has renewed a file that this came from.
  boolean isStale() {
    return files.entrySet().stream().anyMatch(one -> !one.getValue().equals(state(one.getKey())));
  }

  /// What is another once the file behind all links is another.
  private static String state(Path file) {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return now.lastModifiedTime() + " " + now.size() + " " + now.fileKey();
    } catch (IOException _) {
      return "";
    }
  }

  /// What a kubeconfig has as data or in a file; null where it has neither.
  private static byte @Nullable [] bytes(
      @Nullable String data, @Nullable String file, Map<Path, String> files) throws IOException {
    if (data != null && !data.isEmpty()) {
      return data.contains("-----BEGIN")
          ? data.getBytes(StandardCharsets.ISO_8859_1)
          : Base64.getMimeDecoder().decode(data);
    }
    if (file == null || file.isEmpty()) {
      return null;
    }
    files.put(Path.of(file), state(Path.of(file)));
    return Files.readAllBytes(Path.of(file));
  }

  private static Collection<? extends Certificate> certificates(byte[] pem)
      throws CertificateException {
    return CertificateFactory.getInstance("X.509")
        .generateCertificates(new ByteArrayInputStream(pem));
  }

  private static KeyManager[] shown(byte[] certificate, byte[] key)
      throws IOException, GeneralSecurityException {
    KeyStore store = empty();
    Certificate[] chain = certificates(certificate).toArray(Certificate[]::new);
    store.setKeyEntry("ours", PrivateKeys.read(key), NO_PASSWORD, chain);
    KeyManagerFactory out = KeyManagerFactory.getInstance("PKIX");
    out.init(store, NO_PASSWORD);
    return out.getKeyManagers();
  }

  private static TrustManager[] trusted(byte[] authorities)
      throws IOException, GeneralSecurityException {
    KeyStore store = empty();
    int number = 0;
    for (Certificate one : certificates(authorities)) {
      store.setCertificateEntry("authority-" + number++, one);
    }
    TrustManagerFactory out = TrustManagerFactory.getInstance("PKIX");
    out.init(store);
    return out.getTrustManagers();
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
