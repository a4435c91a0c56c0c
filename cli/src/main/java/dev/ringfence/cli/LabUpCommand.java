package dev.ringfence.cli;

import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.lab.Answers;
import dev.ringfence.lab.LabOptions;
import dev.ringfence.lab.control.LabClient.Outcome;
import dev.ringfence.lab.netns.PodNetwork;
import dev.ringfence.report.LabReport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ringfence lab up`: make the cluster, program it, probe it, show what came of it.
@Command(
    name = "up",
    header = "Makes the cluster, enforces its policies, probes everything.",
    addMethodSubcommands = false,
    sortOptions = false,
    description = {
      "",
      "Makes every node and pod of the manifests as a network namespace, enforces their policies,"
          + " probes every pair on every declared port and one that nobody declares (TCP and UDP,"
          + " IPv4 and IPv6) and every Service, and says where packets and answers differ. The lab stays until"
          + " `ringfence lab down`; a second `up` takes its place. Its Kubernetes API holds the manifests'"
          + " objects: with the KUBECONFIG that is shown, kubectl changes them, and the next packet obeys.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ringfence lab up examples/shop",
      "  ringfence lab up namespaces.yaml policies/",
      "  ringfence lab up examples/shop --table-owner=off --resync=0   to edit the tables by hand",
      "",
      "Exit codes: 0 packets do what we answer; 1 something differs; 2 it could not be done."
    })
final class LabUpCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description = "Files, folders (every manifest below), or - for standard input.")
  List<String> paths = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "text or json (a ProbeReport).")
  @Nullable String output;

  @Option(
      names = "--evaluator-only",
      description = "Send nothing: show what the evaluator answers, as without root.")
  boolean evaluatorOnly;

  @Option(
      names = "--anew",
      description =
          "Start from the manifests alone: forget what kubectl changed in this lab before.")
  boolean anew;

  @Mixin PodNetworkOption network = new PodNetworkOption();
  @Mixin TableOptions table = new TableOptions();
  @Mixin EstablishedOptions established = new EstablishedOptions();
  @Mixin LabInstance lab = new LabInstance();

  LabUpCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    var show = new LabOutcome(console, Format.of(output, false));
    PodNetwork pods = network.chosen();
    if (evaluatorOnly || !LabInstance.possible()) {
      return show.show(answered(new InputOptions().load(console, paths)));
    }
    var options =
        new LabOptions(table.owned(), table.resyncSeconds(), pods).with(established.choice());
    byte[] input = paths.contains("-") ? console.in().readAllBytes() : new byte[0];
    if (!anew && lab.client().wouldContinue(paths)) {
      console.note(
          "going on with what this lab's API held; --anew starts from the manifests alone");
    }
    Outcome outcome =
        Steps.during(
            console,
            "starting the lab",
            progress -> lab.client().up(lab.serve(), paths, input, options, anew, progress));
    int exit = show.show(outcome);
    if (show.format() == Format.TEXT) {
      console.out().println("\nexport KUBECONFIG=" + lab.client().kubeconfig());
    }
    return exit;
  }

  /// What the evaluator says where no packet can be sent.
  private static LabReport answered(Loaded loaded) {
    return Answers.evaluatorOnly(LabScenario.of(loaded));
  }
}
