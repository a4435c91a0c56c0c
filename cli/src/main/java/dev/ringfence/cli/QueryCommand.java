package dev.ringfence.cli;

import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.report.Json;
import dev.ringfence.report.QueryAnswer;
import dev.ringfence.report.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ringfence query`: may this open a connection to that?
@Command(
    name = "query",
    header = "Says whether this may talk to that.",
    addMethodSubcommands = false,
    sortOptions = false,
    abbreviateSynopsis = false,
    customSynopsis = {
      "ringfence query FROM TO PORT[/PROTOCOL] -f PATH... [-o text|json]",
      "ringfence query --batch FILE|- -f PATH..."
    },
    description = {
      "",
      "Says whether FROM may open a connection to TO: allowed or denied.",
      "",
      "FROM and TO are a pod (namespace/name), a workload (namespace/deployment/name), a node"
          + " (node/name) or an address. PORT is a number; its protocol is TCP unless it says"
          + " otherwise (53/UDP), and ICMP, ICMPv6 and other have no number.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ringfence query shop/web-1 shop/db-0 5432 -f examples/shop",
      "  ringfence query shop/deployment/api 203.0.113.10 443 -f examples/shop -o json",
      "  ringfence query shop/web kube-system/coredns 53/udp -f examples/shop",
      "  kubectl get ns,pods,netpol -A -o yaml | ringfence query shop/web-1 shop/db-0 5432 -f -",
      "  ringfence query --batch questions.jsonl -f examples/shop",
      "",
      "Exit codes: 0 allowed, or every line answered; 1 denied; 2 wrong usage, unreadable input,",
      "or a question without an answer."
    })
final class QueryCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(index = "0", arity = "0..1", paramLabel = "FROM", description = "Who opens.")
  @Nullable String from;

  @Parameters(index = "1", arity = "0..1", paramLabel = "TO", description = "Who accepts.")
  @Nullable String to;

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "PORT[/PROTOCOL]",
      description = "8080, 53/UDP, ICMP, ...")
  @Nullable String port;

  @Parameters(index = "3..*", hidden = true, description = "Further paths after -f.")
  List<String> morePaths = new ArrayList<>();

  @Mixin InputOptions input = new InputOptions();

  @Option(
      names = "--batch",
      paramLabel = "FILE",
      description = {
        "Read one question a line, as JSON, from FILE or standard input (-), and answer each on a"
            + " line of its own, in order:",
        "  {\"from\":\"shop/web-1\",\"to\":\"shop/db-0\",\"protocol\":\"TCP\",\"port\":5432}"
      })
  @Nullable String batch;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "text or json; a batch always answers in JSON lines (jsonl).")
  @Nullable String output;

  @Mixin HostNetworkOption hostNetwork = new HostNetworkOption();

  QueryCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    Format format = Format.of(output, batch != null);
    if (batch != null) {
      return batch(batch);
    }
    if (from == null || to == null || port == null) {
      throw new Failure(
          "who, whom and which port? ringfence query FROM TO PORT -f PATH (before -f if several"
              + " PATHs follow it)");
    }
    Asked asked = Asked.parse(port);
    Question question = Question.of(from, to, asked.protocol(), asked.port());
    return switch (answers(morePaths).to(question)) {
      case Answers.Outcome.Failed(var error) -> throw new Failure(error.error());
      case Answers.Outcome.Answered(var answer, var warnings) -> {
        warnings.forEach(warning -> console.note(console.paint().yellow("warning: ") + warning));
        print(answer, format);
        yield answer.allowed() ? ExitCodes.YES : ExitCodes.NO;
      }
    };
  }

  private void print(QueryAnswer answer, Format format) {
    String verdict = answer.allowed() ? "allowed" : "denied";
    console
        .out()
        .println(
            switch (format) {
              case TEXT ->
                  answer.allowed() ? console.paint().green(verdict) : console.paint().red(verdict);
              case JSON -> Json.line(answer);
            });
  }

  private int batch(String file) throws Exception {
    if (file.equals("-") && input.paths.contains("-")) {
      throw new Failure("only one of -f and --batch can read standard input");
    }
    List<String> more = new ArrayList<>();
    for (String path : new @Nullable String[] {from, to, port}) {
      if (path != null) {
        more.add(path);
      }
    }
    more.addAll(morePaths);
    return new Batch(console, answers(more)).run(file);
  }

  private Answers answers(List<String> more) throws Exception {
    boolean asPods = hostNetwork.asPods();
    Loaded loaded = Progress.during(console, "reading manifests", () -> input.load(console, more));
    return new Answers(loaded.policies(), loaded.snapshot(), asPods);
  }
}
