package dev.ringfence.cli;

import dev.ringfence.core.model.ObjectName;
import dev.ringfence.kubernetes.ApiServer;
import dev.ringfence.kubernetes.Rollout;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ringfence rollout status`: is this policy in force everywhere?
@Command(
    name = "status",
    header = "Waits until a policy is in force on every node, and says where it is not.",
    mixinStandardHelpOptions = true,
    addMethodSubcommands = false,
    sortOptions = false,
    description = {
      "",
      "Asks a running cluster for the policy as it is now, for its nodes, and for the Leases in which"
          + " their agents say how far they are (`ringfence agent --lease-namespace`).",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ringfence rollout status shop/db",
      "  ringfence rollout status db -n shop --timeout 60",
      "  ringfence rollout status shop/db --watch=false",
      "",
      "Exit codes: 0 in force on every node; 1 not on every node, or not in time; 2 the cluster could",
      "not be asked, or there is no such policy."
    })
final class RolloutStatusCommand implements Callable<Integer> {
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final Console console;

  @Parameters(arity = "1", paramLabel = "POLICY", description = "NAMESPACE/NAME, or NAME with -n.")
  String policy = "";

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      description = "The policy's namespace (default: ${DEFAULT-VALUE}).",
      defaultValue = "default")
  String namespace = "default";

  @Option(
      names = "--watch",
      negatable = true,
      arity = "0..1",
      paramLabel = "true|false",
      description = "Whether to wait (default: ${DEFAULT-VALUE}).",
      defaultValue = "true",
      fallbackValue = "true")
  boolean watch = true;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "How long to wait at most; 0 is without end (default: ${DEFAULT-VALUE}).",
      defaultValue = "0")
  int timeout;

  @Option(
      names = "--lease-namespace",
      paramLabel = "NAME",
      description = "Where the agents keep their Leases (default: ${DEFAULT-VALUE}).",
      defaultValue = "ringfence")
  String leases = "ringfence";

  @Mixin LiveOptions live = new LiveOptions();

  private @Nullable String said;

  RolloutStatusCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    ObjectName name = name();
    long end = System.nanoTime() + Duration.ofSeconds(timeout).toNanos();
    try (ApiServer server = live.access()) {
      while (true) {
        Rollout rollout = Rollout.of(server, name, leases);
        say(rollout);
        if (rollout.complete()) {
          return ExitCodes.YES;
        }
        if (!watch || (timeout > 0 && System.nanoTime() > end)) {
          return ExitCodes.NO;
        }
        Thread.sleep(LOOK_EVERY);
      }
    } catch (IOException failed) {
      throw new Failure("the cluster cannot be asked: " + failed.getMessage(), failed);
    }
  }

  private ObjectName name() {
    if (timeout < 0) {
      throw new Failure("--timeout=" + timeout + ": seconds, or 0 for no end");
    }
    String[] parts = policy.split("/", -1);
    return switch (parts.length) {
      case 1 -> new ObjectName(namespace, parts[0]);
      case 2 -> new ObjectName(parts[0], parts[1]);
      default -> throw new Failure(policy + ": say NAMESPACE/NAME");
    };
  }

  /// Says it when it is not what was said last.
  private void say(Rollout rollout) {
    StringBuilder text = new StringBuilder();
    text.append(rollout.policy())
        .append(" (generation ")
        .append(rollout.generation())
        .append(") is in force on ")
        .append(rollout.inForce())
        .append(" of ")
        .append(rollout.nodes().size())
        .append(" nodes");
    for (Rollout.OnNode node : rollout.nodes()) {
      if (!node.inForce()) {
        text.append("\n  ").append(node.node()).append(": ").append(node.missing());
      }
    }
    // How long an agent has been silent changes with every look.
    String now = text.toString();
    if (!now.replaceAll(" [0-9]+ s$", "").equals(said)) {
      console.out().println(now);
      console.out().flush();
      said = now.replaceAll(" [0-9]+ s$", "");
    }
  }
}
