package dev.ringfence.cli;

import dev.ringfence.agent.AgentRun;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Runs an agent until it ends or the process is told to, by SIGTERM or SIGINT; then too it ends in
/// good order, and the exit code is the agent's own.
record UntilSignal(AgentRun agent, Console console) {
  private static final int SECONDS = 20;

  int run(byte[] input) {
    CompletableFuture<Integer> code = new CompletableFuture<>();
    Thread atSignal = new Thread(() -> end(code), "signal");
    Runtime.getRuntime().addShutdownHook(atSignal);
    try {
      int own = agent.run(input);
      code.complete(own);
      return own;
    } catch (RuntimeException failed) {
      code.complete(ExitCodes.FAILED);
      throw failed;
    } finally {
      leave(atSignal);
    }
  }

  private void end(CompletableFuture<Integer> code) {
    agent.stop();
    int own = code.completeOnTimeout(ExitCodes.FAILED, SECONDS, TimeUnit.SECONDS).join();
    console.out().flush();
    console.err().flush();
    Runtime.getRuntime().halt(own);
  }

  private static void leave(Thread atSignal) {
    try {
      Runtime.getRuntime().removeShutdownHook(atSignal);
    } catch (IllegalStateException ending) {
      // The hook is at work, and ends the process.
    }
  }
}
