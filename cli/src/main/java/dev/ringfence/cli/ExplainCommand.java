package dev.ringfence.cli;

import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.report.Explanation;
import dev.ringfence.report.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ringfence explain`: why may this talk to that, or why not, and what would change it?
@Command(
    name = "explain",
    header = "Says why a connection is allowed or denied, and what would allow it.",
    addMethodSubcommands = false,
    sortOptions = false,
    abbreviateSynopsis = false,
    customSynopsis = {"ringfence explain FROM TO [PORT[/PROTOCOL]] -f PATH... [-o text|json]"},
    description = {
      "",
      "Says for each side which rule decided, with its place in the file, or that no policy is"
          + " about it. Of a denial it says which rules came close, what keeps each from matching,"
          + " and the smallest NetworkPolicy that would allow it.",
      "",
      "FROM and TO are a pod (namespace/name), a workload (namespace/deployment/name), a node"
          + " (node/name) or an address. Without PORT all ports are summarised.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ringfence explain shop/web shop/db 5432 -f examples/shop",
      "  ringfence explain shop/web shop/api -f examples/shop",
      "  ringfence explain shop/api 203.0.113.200 443 -f examples/shop -o json",
      "",
      "Exit codes: 0 allowed, or some port is; 1 denied; 2 wrong usage, unreadable input, or a",
      "question without an answer."
    })
final class ExplainCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(index = "0", paramLabel = "FROM", description = "Who opens.")
  String from = "";

  @Parameters(index = "1", paramLabel = "TO", description = "Who accepts.")
  String to = "";

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "PORT[/PROTOCOL]",
      description = "8080, 53/UDP, ICMP, ... All ports without it.")
  @Nullable String port;

  @Parameters(index = "3..*", hidden = true, description = "Further paths after -f.")
  List<String> morePaths = new ArrayList<>();

  @Mixin InputOptions input = new InputOptions();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "text or json.")
  @Nullable String output;

  @Mixin HostNetworkOption hostNetwork = new HostNetworkOption();

  ExplainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    Format format = Format.of(output, false);
    boolean asPods = hostNetwork.asPods();
    Asked asked = asked();
    Rereading rereading = new Rereading();
    Loaded loaded =
        Progress.during(
            console, "reading manifests", () -> input.load(console, morePaths, rereading));
    Reasons reasons = new Reasons(loaded, asPods);
    Explanation answer = asked == null ? reasons.ofAllPorts(from, to) : reasons.of(from, to, asked);
    reasons
        .warnings()
        .forEach(warning -> console.note(console.paint().yellow("warning: ") + warning));
    switch (format) {
      case TEXT -> new ExplainText(console, answer, loaded.places(), rereading::again).print();
      case JSON -> console.out().println(Json.line(answer));
    }
    return isAllowed(answer) ? ExitCodes.YES : ExitCodes.NO;
  }

  /// A third word is a port; a path only where a shell pattern after `-f` gave several.
  private @Nullable Asked asked() {
    if (port == null) {
      return null;
    }
    if (!input.paths.isEmpty() && Files.exists(Path.of(port))) {
      morePaths.addFirst(port);
      return null;
    }
    return Asked.parse(port);
  }

  private static boolean isAllowed(Explanation answer) {
    return answer.byPorts() == null
        ? Boolean.TRUE.equals(answer.allowed())
        : answer.byPorts().stream().anyMatch(Explanation.Part::allowed);
  }
}
