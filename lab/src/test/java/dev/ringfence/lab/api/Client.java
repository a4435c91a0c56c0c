package dev.ringfence.lab.api;

import dev.ringfence.lab.api.objects.Json;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.databind.JsonNode;

/// A plain HTTP client that trusts what the folder holds, and nothing else.
final class Client implements AutoCloseable {
  private final HttpClient http;
  private final String server;
  private final String token;

  /// An answer.
  record Answer(int code, JsonNode body, HttpResponse<?> response) {}

  Client(Path folder, String server) throws Exception {
    this.server = server;
    this.token = Files.readString(folder.resolve("token"));
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry(
        "server",
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(Files.readAllBytes(folder.resolve("server.crt")))));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    this.http = HttpClient.newBuilder().sslContext(tls).build();
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server + path))
        .header("Authorization", "Bearer " + token);
  }

  HttpRequest.Builder stranger(String path) {
    return HttpRequest.newBuilder(URI.create(server + path));
  }

  HttpResponse<byte[]> raw(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  Answer send(HttpRequest.Builder request) throws Exception {
    HttpResponse<byte[]> response = raw(request);
    byte[] body = response.body();
    boolean json = body.length > 0 && body[0] == '{';
    return new Answer(response.statusCode(), json ? Json.read(body) : Json.object(), response);
  }

  Answer get(String path) throws Exception {
    return send(request(path));
  }

  Answer send(String method, String path, String type, String body) throws Exception {
    return send(
        request(path)
            .header("Content-Type", type)
            .method(method, HttpRequest.BodyPublishers.ofString(body)));
  }

  Answer post(String path, String body) throws Exception {
    return send("POST", path, "application/json", body);
  }

  /// The lines of a watch, as they come.
  InputStream stream(String path) throws Exception {
    return http.send(request(path).build(), HttpResponse.BodyHandlers.ofInputStream()).body();
  }

  static JsonNode event(InputStream stream) throws Exception {
    StringBuilder line = new StringBuilder();
    for (int next = stream.read(); next != '\n' && next >= 0; next = stream.read()) {
      line.append((char) next);
    }
    return line.isEmpty()
        ? Json.object()
        : Json.read(line.toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
