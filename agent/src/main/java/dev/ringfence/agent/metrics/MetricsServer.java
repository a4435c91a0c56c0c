package dev.ringfence.agent.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ringfence.report.AgentStatus;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// `/metrics`, `/healthz` and `/readyz` of one agent.
public final class MetricsServer implements AutoCloseable {
  /// An agent that has been at one piece of work for longer is taken to hang.
  private static final Duration HANGS = Duration.ofMinutes(2);

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AgentMetrics metrics;
  private final Source source;

  /// What an agent says of itself, from any thread.
  public interface Source {
    /// Empty if it is too busy to say.
    Optional<AgentStatus> status();

    /// How long it has been at the same piece of work.
    Duration busy();
  }

  private MetricsServer(HttpServer server, AgentMetrics metrics, Source source) {
    this.server = server;
    this.metrics = metrics;
    this.source = source;
  }

  /// Serves from now on, in the network namespace of the calling thread.
  ///
  /// @throws IOException if nothing can listen there
  public static MetricsServer open(InetSocketAddress at, AgentMetrics metrics, Source source)
      throws IOException {
    MetricsServer out = new MetricsServer(HttpServer.create(at, 0), metrics, source);
    metrics.registry().register(new StatusGauges(source::status));
    out.server.setExecutor(out.threads);
    out.on("/metrics", out::metrics);
    out.on("/healthz", exchange -> out.say(exchange, out.hanging()));
    out.on("/readyz", exchange -> out.say(exchange, out.unready()));
    out.server.start();
    return out;
  }

  public InetSocketAddress address() {
    return server.getAddress();
  }

  @FunctionalInterface
  private interface Page {
    void answer(HttpExchange exchange) throws IOException;
  }

  private void on(String path, Page page) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            boolean get = List.of("GET", "HEAD").contains(exchange.getRequestMethod());
            if (!exchange.getRequestURI().getPath().equals(path)) {
              send(exchange, 404, "no such page\n");
            } else if (!get) {
              send(exchange, 405, "GET only\n");
            } else {
              page.answer(exchange);
            }
          }
        });
  }

  private void metrics(HttpExchange exchange) throws IOException {
    ExpositionFormatWriter writer =
        ExpositionFormats.init().findWriter(exchange.getRequestHeaders().getFirst("Accept"));
    ByteArrayOutputStream body = new ByteArrayOutputStream(16 << 10);
    writer.write(body, metrics.registry().scrape(), EscapingScheme.DEFAULT);
    exchange.getResponseHeaders().set("Content-Type", writer.getContentType());
    send(exchange, 200, body.toByteArray());
  }

  private List<String> hanging() {
    Duration busy = source.busy();
    return busy.compareTo(HANGS) < 0
        ? List.of()
        : List.of("at one piece of work for " + busy.toSeconds() + " s");
  }

  private List<String> unready() {
    return source
        .status()
        .map(status -> status.ready() ? List.<String>of() : status.degraded())
        .orElse(List.of("too busy to say"));
  }

  /// @param wrong nothing if all is well
  private void say(HttpExchange exchange, List<String> wrong) throws IOException {
    if (wrong.isEmpty()) {
      send(exchange, 200, "ok\n");
    } else {
      send(exchange, 503, String.join("\n", wrong) + "\n");
    }
  }

  private static void send(HttpExchange exchange, int code, String text) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    send(exchange, code, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int code, byte[] body) throws IOException {
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(code, head || body.length == 0 ? -1 : body.length);
    if (!head) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
