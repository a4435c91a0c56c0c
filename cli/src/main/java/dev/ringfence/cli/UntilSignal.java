package dev.ringfence.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Does work until it ends or the process is told to, by SIGTERM or SIGINT; then too it ends in
/// good order, and the exit code is the work's own.
///
/// @param stop tells the work to end soon
record UntilSignal(Runnable stop, Console console) {
  private static final int SECONDS = 20;

  /// @param work answers its exit code
  int run(Callable<Integer> work) throws Exception {
    CompletableFuture<Integer> code = new CompletableFuture<>();
    Thread atSignal = new Thread(() -> end(code), "signal");
    Runtime.getRuntime().addShutdownHook(atSignal);
    try {
      int own = work.call();
      code.complete(own);
      return own;
    } catch (Exception failed) {
      code.complete(ExitCodes.FAILED);
      throw failed;
    } finally {
      leave(atSignal);
    }
  }

  private void end(CompletableFuture<Integer> code) {
    stop.run();
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
