package dev.ringfence.cli;

import dev.ringfence.report.Json;
import dev.ringfence.report.LabStatus;
import dev.ringfence.report.LabStatus.EndStatus;
import dev.ringfence.report.LabStatus.NodeStatus;
import dev.ringfence.report.LabStatus.ServiceStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `ringfence lab status`: what is running.
@Command(
    name = "status",
    header = "Says what the lab is made of.",
    addMethodSubcommands = false,
    sortOptions = false,
    description = {
      "",
      "Says what the lab is made of: nodes, pods, hosts outside, Services, addresses.",
      ""
    },
    footer = {"%nExit codes: 0 it is running; 2 it is not."})
final class LabStatusCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "text or json.")
  @Nullable String output;

  @Mixin LabInstance lab = new LabInstance();

  LabStatusCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Format format = Format.of(output, false);
    LabStatus status = lab.client().status();
    switch (format) {
      case TEXT -> print(status);
      case JSON -> console.out().println(Json.line(status));
    }
    return ExitCodes.YES;
  }

  private void print(LabStatus status) {
    var out = console.out();
    out.println(
        "lab "
            + status.instance()
            + ", up since "
            + status.startedAt()
            + " (process "
            + status.pid()
            + "), pods "
            + (status.network().equals("bridge") ? "on bridges" : "routed")
            + ", "
            + status.policies()
            + " policies from "
            + String.join(" ", status.paths()));
    List<List<String>> nodes = new ArrayList<>();
    nodes.add(List.of("NODE", "NAMESPACE", "PODS", "GENERATION", "ADDRESSES", "POD RANGES"));
    for (NodeStatus node : status.nodes()) {
      nodes.add(
          List.of(
              node.name(),
              node.namespace(),
              String.valueOf(node.pods()),
              node.unguarded() == 0
                  ? String.valueOf(node.generation())
                  : node.generation() + " (" + node.unguarded() + " unguarded)",
              String.join(" ", node.addresses()),
              String.join(" ", node.podCidrs())));
    }
    out.println();
    Table.lines(nodes).forEach(out::println);
    List<List<String>> ends = new ArrayList<>();
    ends.add(List.of("POD", "NODE", "NAMESPACE", "PORTS", "ADDRESSES"));
    for (EndStatus end : status.ends()) {
      ends.add(
          List.of(
              Matrix.shortened(end.id()),
              end.node().isEmpty() ? "(outside)" : end.node(),
              end.namespace(),
              orDash(end.ports()),
              String.join(" ", end.addresses())));
    }
    out.println();
    Table.lines(ends).forEach(out::println);
    if (!status.services().isEmpty()) {
      out.println();
      Table.lines(services(status)).forEach(out::println);
    }
    status.notProbed().forEach(line -> out.println("not probed: " + line));
  }

  private static List<List<String>> services(LabStatus status) {
    List<List<String>> out = new ArrayList<>();
    out.add(List.of("SERVICE", "TYPE", "ADDRESSES", "PORTS", "NODE PORTS", "LEADS TO"));
    for (ServiceStatus service : status.services()) {
      out.add(
          List.of(
              service.id(),
              service.type(),
              orDash(service.addresses()),
              orDash(service.ports()),
              orDash(service.nodePorts()),
              orDash(service.backends().stream().map(Matrix::shortened).toList())));
    }
    return out;
  }

  private static String orDash(List<String> words) {
    return words.isEmpty() ? "-" : String.join(" ", words);
  }
}
