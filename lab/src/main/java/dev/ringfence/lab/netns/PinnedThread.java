package dev.ringfence.lab.netns;

import dev.ringfence.nftables.linux.NetworkNamespace;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;

/// A platform thread that stays in one network namespace and does what it is handed, in order.
public final class PinnedThread implements AutoCloseable {
  private final LinkedBlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
  private final Thread thread;
  private volatile boolean closed;

  private PinnedThread(String namespace, CompletableFuture<Void> arrived) {
    thread = Thread.ofPlatform().name(namespace).daemon().unstarted(() -> live(namespace, arrived));
  }

  /// Starts the thread; it is inside when this returns.
  ///
  /// @throws Exception if it could not enter
  public static PinnedThread in(String namespace) throws Exception {
    CompletableFuture<Void> arrived = new CompletableFuture<>();
    PinnedThread pinned = new PinnedThread(namespace, arrived);
    pinned.thread.start();
    try {
      arrived.get();
    } catch (ExecutionException failed) {
      throw Inside.unwrapped(failed);
    }
    return pinned;
  }

  /// Hands in work for the thread, after what was handed in before.
  public <T> Future<T> submit(Callable<T> task) {
    if (closed) {
      throw new IllegalStateException(thread.getName() + " has ended");
    }
    CompletableFuture<T> result = new CompletableFuture<>();
    work.add(() -> complete(result, task));
    return result;
  }

  /// As [#submit], and waits for it.
  ///
  /// @throws Exception what the work threw
  public <T> T call(Callable<T> task) throws Exception {
    return await(submit(task));
  }

  /// What submitted work answered.
  ///
  /// @throws Exception what the work threw
  public static <T> T await(Future<T> submitted) throws Exception {
    try {
      return submitted.get();
    } catch (ExecutionException failed) {
      throw Inside.unwrapped(failed);
    }
  }

  private static <T> void complete(CompletableFuture<T> result, Callable<T> task) {
    try {
      result.complete(task.call());
    } catch (Throwable thrown) {
      result.completeExceptionally(thrown);
    }
  }

  private void live(String namespace, CompletableFuture<Void> arrived) {
    try (var _ = Inside.enter(NetworkNamespace.named(namespace))) {
      arrived.complete(null);
      while (!closed) {
        work.take().run();
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException failed) {
      arrived.completeExceptionally(failed);
    }
  }

  /// Ends the thread after what was handed in so far; waits for it.
  @Override
  public void close() {
    work.add(() -> closed = true);
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
