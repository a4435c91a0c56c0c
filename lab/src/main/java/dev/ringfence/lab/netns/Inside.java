package dev.ringfence.lab.netns;

import dev.ringfence.nftables.linux.NetworkNamespace;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// Work inside a network namespace, on a platform thread of its own that ends with the work.
///
/// Whatever a thread starts is in its namespace too, carriers of virtual threads included; so this
/// work must open sockets and nothing that lives on.
public final class Inside {
  private Inside() {}

  /// Does the work there and answers what it answered.
  ///
  /// @throws Exception what the work threw
  /// @throws IllegalStateException if the thread would have worked in the main namespace
  public static <T> T call(String namespace, Callable<T> work) throws Exception {
    Path file = NetworkNamespace.named(namespace);
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform().name(namespace).daemon().start(() -> complete(result, file, work));
    try {
      return result.get();
    } catch (ExecutionException failed) {
      throw unwrapped(failed);
    } finally {
      thread.join();
    }
  }

  /// Enters the namespace with the calling thread.
  ///
  /// @throws IllegalStateException if the thread did not arrive
  static NetworkNamespace.Entered enter(Path namespace) {
    long expected = NetworkNamespace.inode(namespace);
    NetworkNamespace.Entered entered = NetworkNamespace.enter(namespace);
    if (NetworkNamespace.inodeOfCurrentThread() != expected) {
      throw new IllegalStateException("not in " + namespace + " after entering it");
    }
    NetworkNamespace.requireNotMain();
    return entered;
  }

  static Exception unwrapped(ExecutionException failed) {
    return switch (failed.getCause()) {
      case Exception cause -> cause;
      case Error error -> throw error;
      case null, default -> failed;
    };
  }

  private static <T> void complete(CompletableFuture<T> result, Path file, Callable<T> work) {
    try (var _ = enter(file)) {
      result.complete(work.call());
    } catch (Throwable thrown) {
      result.completeExceptionally(thrown);
    }
  }
}
