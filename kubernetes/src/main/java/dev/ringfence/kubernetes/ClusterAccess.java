package dev.ringfence.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/// An API server as kubeconfig or the service account of the pod around us name it; credentials are
/// those of kubectl, exec plugins and renewed tokens included.
public final class ClusterAccess implements ApiServer {
  private static final int LONGEST_MESSAGE = 4096;
  private static final Duration WRITING = Duration.ofSeconds(10);

  private final Optional<String> kubeconfig;
  private final Optional<String> context;
  private volatile Connection connection;

  private ClusterAccess(Optional<String> kubeconfig, Optional<String> context) throws IOException {
    this.kubeconfig = kubeconfig;
    this.context = context;
    this.connection = Connection.of(config(kubeconfig, context));
  }

  /// Reads where the server is and who we are there; asks the server nothing yet.
  ///
  /// @param kubeconfig a file; empty for what kubectl would take, or the pod's service account
  /// @param context one of the file; empty for its current one
  /// @throws IOException where the file cannot be read or names no such context
  public static ClusterAccess of(Optional<String> kubeconfig, Optional<String> context)
      throws IOException {
    try {
      return new ClusterAccess(kubeconfig, context);
    } catch (KubernetesClientException | IllegalArgumentException | IOException refused) {
      String file = kubeconfig.orElse("kubeconfig");
      String said = String.valueOf(refused.getMessage());
      throw new IOException(said.startsWith(file) ? said : file + ": " + said, refused);
    }
  }

  private static Config config(Optional<String> kubeconfig, Optional<String> context)
      throws IOException {
    Config config;
    if (kubeconfig.isPresent()) {
      Path file = Path.of(kubeconfig.get());
      if (!Files.isReadable(file)) {
        throw new IOException(file + ": no such file, or no permission to read it");
      }
      config = Config.fromKubeconfig(context.orElse(null), file.toFile());
    } else {
      config = Config.autoConfigure(context.orElse(null));
    }
    if (context.isPresent()
        && config.getContexts().stream().noneMatch(one -> one.getName().equals(context.get()))) {
      throw new IOException(
          kubeconfig.orElse("kubeconfig") + ": has no context named " + context.get());
    }
    return config;
  }

  @Override
  public String address() {
    return connection.address();
  }

  /// With certificates as they are now: kubelet renews those that it gives away.
  private Connection connected() {
    Connection now = connection;
    return now.tls().isStale() ? renewed(now) : now;
  }

  private synchronized Connection renewed(Connection old) {
    if (old.equals(connection)) {
      try {
        connection = Connection.of(config(kubeconfig, context));
        old.close();
      } catch (KubernetesClientException | IllegalArgumentException | IOException _) {
        return old; // somebody is still writing them: the next request looks again
      }
    }
    return connection;
  }

  @Override
  public InputStream get(String path, Duration headers) throws IOException, InterruptedException {
    Connection to = connected();
    HttpRequest request =
        to.http()
            .newHttpRequestBuilder()
            .uri(to.address() + path)
            .header("Accept", "application/json")
            .forStreaming()
            .build();
    return answered(to, path, request, headers);
  }

  @Override
  public void apply(String path, String json) throws IOException, InterruptedException {
    String applied = path + "?fieldManager=ringfence&force=true";
    Connection to = connected();
    HttpRequest request =
        to.http()
            .newHttpRequestBuilder()
            .uri(to.address() + applied)
            .header("Accept", "application/json")
            .method("PATCH", "application/apply-patch+yaml", json)
            .build();
    try (InputStream body = answered(to, applied, request, WRITING)) {
      body.skipNBytes(0);
    }
  }

  private static InputStream answered(
      Connection to, String path, HttpRequest request, Duration patience)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> response = answer(to, path, request, patience);
    if (response.isSuccessful()) {
      return response.body();
    }
    try (InputStream body = response.body()) {
      String said = new String(body.readNBytes(LONGEST_MESSAGE), StandardCharsets.UTF_8);
      throw new ApiException(
          response.code(), path, StatusText.message(said), secondsToWait(response));
    }
  }

  /// What `Retry-After` asks for, in seconds, as API servers write it.
  private static long secondsToWait(HttpResponse<?> response) {
    String said = response.header("Retry-After");
    return said != null && said.matches("[0-9]{1,6}") ? Long.parseLong(said) : 0;
  }

  private static HttpResponse<InputStream> answer(
      Connection to, String path, HttpRequest request, Duration headers)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<InputStream>> sent =
        to.http().sendAsync(request, InputStream.class);
    try {
      return sent.get(headers.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failed) {
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      throw new IOException(to.address() + path + ": " + cause.getMessage(), cause);
    } catch (java.util.concurrent.TimeoutException late) {
      sent.cancel(true);
      throw new IOException(
          to.address() + path + ": no answer within " + headers.toSeconds() + " s", late);
    }
  }

  @Override
  public void close() {
    connection.close();
  }
}
