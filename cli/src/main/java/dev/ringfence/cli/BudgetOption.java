package dev.ringfence.cli;

import dev.ringfence.core.compiled.MemberBudget;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// How much a node may hold.
@Command(addMethodSubcommands = false)
final class BudgetOption {
  @Option(
      names = "--member-budget",
      paramLabel = "N",
      description =
          "How many members the node's sets of peers may have together; a state that needs more is"
              + " refused, and what was in force stays (default: ${DEFAULT-VALUE}).",
      defaultValue = "2000000")
  long members = MemberBudget.STANDARD.members();

  MemberBudget budget() {
    if (members < 1) {
      throw new Failure("--member-budget=" + members + ": say how many, at least 1");
    }
    return new MemberBudget(members);
  }
}
