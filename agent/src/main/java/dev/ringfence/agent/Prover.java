package dev.ringfence.agent;

import dev.ringfence.report.ProofDocument;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Does proofs beside the agent's thread, one at a time.
final class Prover implements AutoCloseable {
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("proof").daemon().factory());

  /// What comes of it, some time; an exception where it could not be worked out.
  CompletableFuture<ProofDocument> prove(Provable what) {
    return CompletableFuture.supplyAsync(what::prove, thread);
  }

  /// Whatever it is at is not waited for.
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
