package dev.ringfence.cli;

import dev.ringfence.lab.control.LabException;
import dev.ringfence.lab.scenario.ScenarioException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/// The `ringfence` command. Start reading at [#run]; each subcommand is one class.
@Command(
    name = "ringfence",
    addMethodSubcommands = false,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Kubernetes network policies enforced, explained and verified.",
    footerHeading = "%nStart here:%n",
    footer = {
      "  ringfence check examples/shop                            what is wrong with these?",
      "  ringfence query shop/web shop/db 5432 -f examples/shop   may this talk to that?",
      "  ringfence list -f examples/shop                          who may talk to whom?",
      "  ringfence lab up examples/shop                           see real packets obey (root)",
      "  ringfence help COMMAND                                   what a command does",
      "",
      "Exit codes: 0 yes, done; 1 no, or something differs; 2 wrong usage, unreadable input, or",
      "it could not be done. Answers go to standard output, everything else to standard error."
    })
public final class Main implements Runnable {
  private static final List<Subcommand> SUBCOMMANDS =
      List.of(
          new Subcommand("check", CheckCommand.class),
          new Subcommand("query", QueryCommand.class),
          new Subcommand("explain", ExplainCommand.class),
          new Subcommand("list", ListCommand.class),
          new Subcommand("lab", LabCommand.class),
          new Subcommand("agent", AgentCommand.class),
          new Subcommand("status", StatusCommand.class),
          new Subcommand("rollout", RolloutCommand.class),
          new Subcommand("debug", DebugCommand.class),
          new Subcommand("help", CommandLine.HelpCommand.class));

  @Spec private CommandSpec spec = CommandSpec.create();

  private record Subcommand(String name, Class<?> type) {}

  /// Runs one command; the process ends with its exit code.
  ///
  /// @param args as typed
  public static void main(String[] args) {
    System.exit(run(args, Console.ofProcess()));
  }

  /// Runs one command on streams of the caller's, as another program would.
  ///
  /// @return the exit code: 0 yes, 1 no, 2 it could not be answered or done
  public static int run(String[] args, InputStream in, OutputStream out, OutputStream err) {
    return run(args, Console.of(in, out, err));
  }

  static int run(String[] args, Console console) {
    IFactory factory = new WithConsole(console);
    CommandLine line = new CommandLine(new Main(), factory);
    subcommands(args).forEach(one -> line.addSubcommand(new CommandLine(one.type, factory)));
    offerHelp(line);
    line.setOut(console.out())
        .setErr(console.err())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(false)
        .setUsageHelpWidth(100)
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(console.paint() == Paint.ANSI ? Ansi.ON : Ansi.OFF))
        .setParameterExceptionHandler(Main::explainUsage)
        .setExecutionExceptionHandler((e, command, parsed) -> explain(e, console));
    try {
      return line.execute(args);
    } finally {
      console.out().flush();
      console.err().flush();
    }
  }

  /// The one that is asked for, as each costs time to set up; else all.
  private static List<Subcommand> subcommands(String[] args) {
    return SUBCOMMANDS.stream()
        .filter(one -> args.length > 0 && one.name.equals(args[0]) && !one.name.equals("help"))
        .findFirst()
        .map(List::of)
        .orElse(SUBCOMMANDS);
  }

  /// What `mixinStandardHelpOptions` would do, without a class to look into at every start.
  private static void offerHelp(CommandLine line) {
    CommandSpec spec = line.getCommandSpec();
    if (spec.findOption("--help") == null) {
      spec.addOption(
          OptionSpec.builder("-h", "--help")
              .usageHelp(true)
              .description("Show this help message and exit.")
              .build());
      spec.addOption(
          OptionSpec.builder("-V", "--version")
              .versionHelp(true)
              .description("Print version information and exit.")
              .build());
    }
    line.getSubcommands().values().forEach(Main::offerHelp);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command?");
  }

  private static int explainUsage(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    command
        .getErr()
        .println("ringfence: " + String.valueOf(e.getMessage()).replaceFirst("^Error: ", ""));
    if (!UnmatchedArgumentException.printSuggestions(e, command.getErr())) {
      command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    }
    return ExitCodes.FAILED;
  }

  private static int explain(Exception e, Console console) {
    String message =
        isForThePerson(e)
            ? e.getMessage()
            : "this should not have happened: " + e + " (RINGFENCE_DEBUG=1 shows where)";
    console.err().println("ringfence: " + message);
    if (System.getenv("RINGFENCE_DEBUG") != null) {
      e.printStackTrace(console.err());
    }
    return ExitCodes.FAILED;
  }

  /// Whether the message says it all.
  private static boolean isForThePerson(Exception e) {
    return e instanceof Failure || e instanceof LabException || e instanceof ScenarioException;
  }

  /// Gives the console to each command that wants one.
  private record WithConsole(Console console) implements IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      for (var constructor : type.getDeclaredConstructors()) {
        if (constructor.getParameterCount() == 1
            && constructor.getParameterTypes()[0] == Console.class) {
          return type.cast(constructor.newInstance(console));
        }
      }
      return CommandLine.defaultFactory().create(type);
    }
  }
}
