package dev.ringfence.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.TokenRefreshInterceptor;
import java.io.IOException;
import java.util.Optional;

/// A client as a kubeconfig and the files it names were at one moment.
record Connection(KubernetesClient client, String address, ServerTls tls) implements AutoCloseable {
  static Connection of(Config config) throws IOException {
    config.setOnlyHttpWatches(true);
    // Whoever asks decides whether to ask again.
    config.setRequestRetryBackoffLimit(0);
    ServerTls tls = ServerTls.takeFrom(config);
    Optional<TokenFile> token = TokenFile.of(config);
    KubernetesClient client =
        new KubernetesClientBuilder()
            .withConfig(config)
            .withHttpClientFactory(new JdkHttpClientFactory())
            .withHttpClientBuilderConsumer(builder -> {
              tls.into(builder, config);
              token.ifPresent(
                  file -> builder.addOrReplaceInterceptor(TokenRefreshInterceptor.NAME, file));
            })
            .build();
    return new Connection(client, config.getMasterUrl().replaceFirst("/+$", ""), tls);
  }

  HttpClient http() {
    return client.getHttpClient();
  }

  /// Ends what is still asked, watches too.
  @Override
  public void close() {
    client.close();
  }
}
