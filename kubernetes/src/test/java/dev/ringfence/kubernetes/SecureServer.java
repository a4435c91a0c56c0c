package dev.ringfence.kubernetes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;

/// A [FaultyServer] behind TLS on the loopback, which lets in only those it knows.
final class SecureServer implements AutoCloseable {
  private final FaultyServer behind;
  private final HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile Predicate<String> knows = who -> false;

  /// @param client whose certificates are taken
  SecureServer(FaultyServer behind, TestKeys own, TestKeys client)
      throws IOException, GeneralSecurityException {
    this.behind = behind;
    this.server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(own.context(client)) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters wanted = getSSLContext().getDefaultSSLParameters();
            wanted.setWantClientAuth(true);
            parameters.setSSLParameters(wanted);
          }
        });
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "https://127.0.0.1:" + server.getAddress().getPort();
  }

  /// @param who a header `Bearer …`, or the name of a certificate
  void knows(Predicate<String> who) {
    knows = who;
  }

  /// Who asked so far, as [#knows] is asked.
  List<String> asked() {
    return asked;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String who = who((HttpsExchange) exchange);
      asked.add(who);
      String path = exchange.getRequestURI().toString();
      try {
        if (!knows.test(who)) {
          throw new ApiException(401, path, "Unauthorized");
        }
        if (exchange.getRequestMethod().equals("PATCH")) {
          byte[] body = exchange.getRequestBody().readAllBytes();
          behind.apply(path.replaceFirst("[?].*", ""), new String(body, StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(200, -1);
          return;
        }
        try (InputStream in = behind.get(path, Duration.ofSeconds(10))) {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().flush(); // a watch may have nothing to say yet
          copy(in, exchange.getResponseBody());
        }
      } catch (ApiException refused) {
        byte[] body = String.valueOf(refused.getMessage()).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(refused.code(), body.length);
        exchange.getResponseBody().write(body);
      }
    }
  }

  private static void copy(InputStream in, OutputStream out) throws IOException {
    byte[] some = new byte[8192];
    for (int count = in.read(some, 0, some.length); count >= 0; ) {
      out.write(some, 0, count);
      out.flush();
      count = in.read(some, 0, some.length);
    }
  }

  private static String who(HttpsExchange exchange) {
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    if (header != null) {
      return header;
    }
    try {
      X509Certificate first = (X509Certificate) exchange.getSSLSession().getPeerCertificates()[0];
      return first.getSubjectX500Principal().getName();
    } catch (SSLPeerUnverifiedException _) {
      return "";
    }
  }

  @Override
  public void close() {
    behind.close();
    server.stop(0);
    threads.shutdownNow();
  }
}
