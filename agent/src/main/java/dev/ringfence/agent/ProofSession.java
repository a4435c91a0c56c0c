package dev.ringfence.agent;

import dev.ringfence.agent.AgentLog.Level;
import dev.ringfence.agent.metrics.Trouble;
import dev.ringfence.nftables.linux.SystemCallException;
import dev.ringfence.nftables.netlink.KernelRefused;
import dev.ringfence.report.AgentStatus.Proved;
import dev.ringfence.report.ProofDocument;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// When a table is proved, and what follows from the result; on the agent's thread, but for the
/// proof itself.
final class ProofSession implements AutoCloseable {
  private final NodeAgent agent;
  private final KernelSession kernel;
  private final Journal journal;
  private final AgentLoop loop;
  private final AgentLog log;
  private final boolean mayRepair;
  private final Prover prover = new Prover();

  /// Whether the next proof is there to see whether repairing helped.
  private boolean confirming;

  private @Nullable CompletableFuture<ProofDocument> running;

  ProofSession(
      NodeAgent agent,
      KernelSession kernel,
      Journal journal,
      AgentLoop loop,
      AgentLog log,
      boolean mayRepair) {
    this.agent = agent;
    this.kernel = kernel;
    this.journal = journal;
    this.loop = loop;
    this.log = log;
    this.mayRepair = mayRepair;
  }

  /// Reads the tables back and has them proved; where a proof is at work already, that one.
  ///
  /// @return done, on the agent's thread, when the result is in the journal
  CompletableFuture<ProofDocument> prove() {
    if (running != null) {
      return running;
    }
    Optional<Provable> what;
    try {
      what = agent.provable();
    } catch (KernelRefused | SystemCallException refused) {
      String message = "the table cannot be read back: " + refused.getMessage();
      cannot(message);
      return CompletableFuture.failedFuture(new IllegalStateException(message));
    }
    if (what.isEmpty()) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("nothing of this run is in force yet"));
    }
    CompletableFuture<ProofDocument> inJournal = new CompletableFuture<>();
    running = inJournal;
    var _ =
        prover
            .prove(what.get())
            .whenComplete((proved, failed) ->
                loop.post(() -> {
                  running = null;
                  if (failed == null) {
                    take(proved);
                    inJournal.complete(proved);
                  } else {
                    cannot("a proof could not be worked out: " + failed);
                    inJournal.completeExceptionally(failed);
                  }
                }));
    return inJournal;
  }

  private void take(ProofDocument document) {
    Proved proved = Proved.of(document);
    journal.proved(proved);
    if (document.equal()) {
      confirming = false;
      journal.over(Trouble.PROOF);
      log.say(
          Level.INFO,
          "proved",
          "proof: the table of generation %d is equal to the policies (%.3f s)"
              .formatted(proved.generation(), proved.seconds()));
      return;
    }
    String first = proved.differences().getFirst();
    String message =
        "the table of generation %d is not what the policies say in %d ways: %s"
            .formatted(proved.generation(), proved.differences().size(), first);
    journal.troubled(Trouble.PROOF, message);
    log.say(Level.ERROR, "proof-differs", "error: " + message);
    // Somebody may have edited it, and it may have been repaired while the proof was at work.
    confirming = mayRepair && !confirming;
    if (confirming) {
      kernel.repair();
      var _ = prove();
    }
  }

  private void cannot(String message) {
    journal.troubled(Trouble.PROOF, message);
    log.say(Level.ERROR, "proof-failed", "error: " + message);
  }

  @Override
  public void close() {
    prover.close();
  }
}
