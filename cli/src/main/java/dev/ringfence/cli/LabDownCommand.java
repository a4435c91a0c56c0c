package dev.ringfence.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `ringfence lab down`: end the lab and leave nothing.
@Command(
    name = "down",
    header = "Ends the lab and leaves nothing.",
    addMethodSubcommands = false,
    sortOptions = false,
    description = {
      "",
      "Ends the lab and removes everything of it, also what a crashed one left.",
      ""
    },
    footer = {"%nExit codes: 0 nothing of it is left; 2 it could not be done."})
final class LabDownCommand implements Callable<Integer> {
  private final Console console;

  @Mixin LabInstance lab = new LabInstance();

  LabDownCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    boolean any = Steps.during(console, "ending the lab", lab.client()::down);
    console.out().println(any ? "the lab is gone" : "there was no lab");
    return ExitCodes.YES;
  }
}
