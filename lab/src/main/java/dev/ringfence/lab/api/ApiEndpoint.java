package dev.ringfence.lab.api;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.ringfence.lab.api.objects.ApiError;
import dev.ringfence.lab.api.registry.Registry;
import dev.ringfence.lab.api.store.Store;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The lab's Kubernetes API, served on 127.0.0.1 with TLS to whoever has the token.
///
/// The folder holds all of it: store, certificate, token, port and `kubeconfig`, readable by its
/// owner alone. Started again in the same folder it serves the same objects, at the same revisions
/// and, if it can, at the same port.
public final class ApiEndpoint implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ApiEndpoint.class.getName());
  private static final String BEARER = "Bearer ";
  private static final int BACKLOG = 128;

  static {
    // Read once by the JDK's server: without it small answers wait for the peer's acknowledgement.
    if (System.getProperty("sun.net.httpserver.nodelay") == null) {
      System.setProperty("sun.net.httpserver.nodelay", "true");
    }
  }

  private final Path folder;
  private final HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Credentials credentials;
  private final Store store;
  private final Registry registry;
  private final Router router;

  private ApiEndpoint(
      Path folder, HttpsServer server, Credentials credentials, Store store, Effects effects) {
    this.folder = folder;
    this.server = server;
    this.credentials = credentials;
    this.store = store;
    this.registry = new Registry(store);
    this.router = new Router(registry, effects);
  }

  /// As below, for objects that are only kept.
  public static ApiEndpoint start(Path folder, ApiOptions options) throws IOException {
    return start(folder, options, Effects.NONE);
  }

  /// Serves from now on, in the network namespace of the calling thread.
  ///
  /// @param folder made if it is not there
  /// @throws IOException if nothing can listen, or the folder cannot be used
  public static ApiEndpoint start(Path folder, ApiOptions options, Effects effects)
      throws IOException {
    PrivateFiles.folder(folder);
    Path objects = folder.resolve("objects");
    PrivateFiles.folder(objects);
    Credentials credentials = Credentials.of(folder);
    Store store = Store.open(objects, options.remembered());
    try {
      HttpsServer server = listen(folder, options);
      server.setHttpsConfigurator(new HttpsConfigurator(credentials.tls()));
      ApiEndpoint out = new ApiEndpoint(folder, server, credentials, store, effects);
      server.setExecutor(out.threads);
      server.createContext("/", out::serve);
      server.start();
      Kubeconfig.write(out.kubeconfig(), options.name(), out.address(), credentials);
      return out;
    } catch (IOException | RuntimeException failed) {
      store.close();
      throw failed;
    }
  }

  private static HttpsServer listen(Path folder, ApiOptions options) throws IOException {
    Path file = folder.resolve("port");
    int last = options.port() == 0 && Files.exists(file) ? lastPort(file) : options.port();
    HttpsServer out;
    try {
      out = HttpsServer.create(loopback(last), BACKLOG);
    } catch (BindException taken) {
      if (options.port() != 0) {
        throw taken;
      }
      out = HttpsServer.create(loopback(0), BACKLOG);
    }
    String port = String.valueOf(out.getAddress().getPort());
    PrivateFiles.write(file, port.getBytes(StandardCharsets.US_ASCII));
    return out;
  }

  private static int lastPort(Path file) throws IOException {
    String text = Files.readString(file).strip();
    return text.matches("[0-9]{1,5}") && Integer.parseInt(text) < 65_536
        ? Integer.parseInt(text)
        : 0;
  }

  private static InetSocketAddress loopback(int port) throws IOException {
    return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
  }

  /// `https://127.0.0.1:6443`
  public String address() {
    return "https://127.0.0.1:" + server.getAddress().getPort();
  }

  /// What `KUBECONFIG` is to point to.
  public Path kubeconfig() {
    return folder.resolve("kubeconfig");
  }

  /// Every object, for controllers in this process.
  public Registry registry() {
    return registry;
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      Call call = new Call(exchange);
      try {
        authenticate(call);
        router.serve(call);
      } catch (ApiError refused) {
        call.refuse(refused);
      } catch (InterruptedException closing) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException ours) {
        LOG.log(Level.ERROR, "cannot answer " + call.method(), ours);
        call.refuse(new ApiError(500, "InternalError", "Internal error occurred: see the log"));
      }
    }
  }

  private void authenticate(Call call) {
    String given = call.header("Authorization");
    if (!given.startsWith(BEARER)
        || !credentials.accept(given.substring(BEARER.length()).strip())) {
      throw new ApiError(401, "Unauthorized", "Unauthorized");
    }
  }

  /// Ends every watch and every request, and gives the folder back.
  @Override
  public void close() throws IOException {
    try (store) {
      server.stop(0);
      threads.shutdownNow();
    }
  }
}
