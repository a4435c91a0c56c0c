package dev.ringfence.cli;

import dev.ringfence.lab.control.LabServer;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `ringfence lab serve`: the lab's own process. `lab up` starts it; nobody else needs to.
@Command(
    name = "serve",
    hidden = true,
    addMethodSubcommands = false,
    description = "The lab's background process; `ringfence lab up` starts it.")
final class LabServeCommand implements Callable<Integer> {
  @Mixin LabInstance lab = new LabInstance();

  @Override
  public Integer call() throws Exception {
    LabServer.serve(lab.instance());
    return ExitCodes.YES;
  }
}
