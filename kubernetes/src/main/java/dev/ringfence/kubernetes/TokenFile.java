package dev.ringfence.kubernetes;

import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A token in a file that somebody renews, such as kubelet that of a pod's service account: read
/// again for each request, of which there are few.
final class TokenFile implements Interceptor {
  private static final int UNAUTHORIZED = 401;
  private static final String HEADER = "Authorization";

  private final Path file;
  private volatile String last = "";

  private TokenFile(Path file) {
    this.file = file;
  }

  /// Empty where the token is not in a file, or there is none.
  static Optional<TokenFile> of(Config config) {
    NamedContext context = config.getCurrentContext();
    if (context != null) {
      return ofUser(config.getFileWithAuthInfo(), context.getContext().getUser());
    }
    String path =
        System.getProperty(
            Config.KUBERNETES_AUTH_SERVICEACCOUNT_TOKEN_FILE_SYSTEM_PROPERTY,
            Config.KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH);
    return Optional.of(Path.of(path)).filter(Files::isReadable).map(TokenFile::new);
  }

  /// @param user null where the context names none
  private static Optional<TokenFile> ofUser(@Nullable File kubeconfig, @Nullable String user) {
    if (kubeconfig == null || user == null) {
      return Optional.empty();
    }
    return KubeConfigUtils.parseConfig(kubeconfig).getUsers().stream()
        .filter(one -> user.equals(one.getName()))
        .map(NamedAuthInfo::getUser)
        .filter(one -> one != null && one.getTokenFile() != null && !one.getTokenFile().isEmpty())
        .map(one -> kubeconfig.toPath().toAbsolutePath().resolveSibling(one.getTokenFile()))
        .map(TokenFile::new)
        .findFirst();
  }

  @Override
  public void before(BasicBuilder into, HttpRequest request, RequestTags tags) {
    into.setHeader(HEADER, "Bearer " + read());
  }

  /// Once more with a token that came after the request was made.
  @Override
  public CompletableFuture<Boolean> afterFailure(
      BasicBuilder into, HttpResponse<?> response, RequestTags tags) {
    String sent = last;
    boolean again = response.code() == UNAUTHORIZED && !read().equals(sent);
    if (again) {
      into.setHeader(HEADER, "Bearer " + last);
    }
    return CompletableFuture.completedFuture(again);
  }

  /// The last one, should the file be away or empty for a moment.
  private String read() {
    try {
      String now = Files.readString(file).strip();
      last = now.isEmpty() ? last : now;
    } catch (IOException _) {
      // The server will say what it thinks of the last one.
    }
    return last;
  }
}
