package dev.ringfence.cli;

import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.kubernetes.ClusterAccess;
import dev.ringfence.kubernetes.ClusterReading;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Which running cluster a command asks, if any.
@Command(addMethodSubcommands = false)
final class LiveOptions {
  @Option(
      names = "--live",
      description =
          "Ask the cluster that kubectl would ask. With -f as well, the files are laid over it: what"
              + " would be if they were applied.")
  boolean live;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "The same, of the cluster that this file names.")
  @Nullable String kubeconfig;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "The same, of this context of the kubeconfig.")
  @Nullable String context;

  boolean wanted() {
    return live || kubeconfig != null || context != null;
  }

  /// Whether this is a pod of some cluster.
  static boolean insideOne() {
    return System.getenv("KUBERNETES_SERVICE_HOST") != null;
  }

  /// Where the cluster is; asks it nothing.
  ///
  /// @throws Failure if nobody says where
  ClusterAccess access() {
    try {
      return ClusterAccess.of(Optional.ofNullable(kubeconfig), Optional.ofNullable(context));
    } catch (IOException failed) {
      throw new Failure(String.valueOf(failed.getMessage()), failed);
    }
  }

  /// The cluster as it is now.
  ///
  /// @throws Failure if it does not answer
  Loaded read() {
    try (ClusterAccess access = access()) {
      return ClusterReading.of(access);
    } catch (IOException failed) {
      throw new Failure("the cluster cannot be read: " + failed.getMessage(), failed);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      throw new Failure("interrupted", ended);
    }
  }
}
