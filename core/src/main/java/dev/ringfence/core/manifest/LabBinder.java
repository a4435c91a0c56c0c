package dev.ringfence.core.manifest;

import dev.ringfence.core.cluster.ContainerPort;
import dev.ringfence.core.cluster.OutsideHost;
import dev.ringfence.core.model.Address;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Our own `Lab` document: how many nodes, and who is outside.
final class LabBinder {
  private static final int MOST_NODES = 250;

  private final Findings findings;
  private final PodBinder pods;

  LabBinder(Findings findings) {
    this.findings = findings;
    this.pods = new PodBinder(findings);
  }

  LabSettings settings(Tree.Mapping root, Meta meta) {
    Tree.Mapping spec = Values.mappingOrEmpty(root, "spec");
    int nodes = Values.int32(spec, "nodes").orElse(LabSettings.DEFAULT_NODES);
    if (nodes < 1 || nodes > MOST_NODES) {
      Path path = Path.root(root).field(root, "spec").field(spec, "nodes");
      findings.ours(
          path,
          Reason.INVALID,
          "Invalid value: " + nodes + ": must be between 1 and " + MOST_NODES + ", inclusive");
    }
    return new LabSettings(meta.name().name(), nodes);
  }

  List<OutsideHost> outside(Tree.Mapping root) {
    Tree.Mapping spec = Values.mappingOrEmpty(root, "spec");
    Path list = Path.root(root).field(root, "spec").field(spec, "outside");
    List<OutsideHost> out = new ArrayList<>();
    Set<String> names = new HashSet<>();
    int i = 0;
    for (Tree item : Values.items(spec, "outside")) {
      Tree.Mapping host = Values.item(item);
      Path at = list.item(i++, item);
      if (host == null) {
        continue;
      }
      String name = Values.text(host, "name").orElse("");
      if (name.isEmpty()) {
        findings.required(at.field(host, "name"), "");
      }
      for (String mistake : name.isEmpty() ? List.<String>of() : Names.subdomain(name)) {
        findings.invalid(at.field(host, "name"), GoText.quote(name), mistake);
      }
      if (!names.add(name)) {
        findings.ours(
            at.field(host, "name"), Reason.INVALID, "Duplicate value: " + GoText.quote(name));
      }
      out.add(new OutsideHost(name, addresses(host, at), ports(host, at)));
    }
    return out;
  }

  private List<Address> addresses(Tree.Mapping host, Path path) {
    List<Address> out = new ArrayList<>();
    Path list = path.field(host, "addresses");
    int i = 0;
    for (Tree item : Values.items(host, "addresses")) {
      String text = Values.itemText(item);
      Path at = list.item(i++, item);
      if (text != null) {
        pods.address(text, at).ifPresent(out::add);
      }
    }
    if (i == 0) {
      findings.required(list, "at least one address");
    }
    return out;
  }

  private List<ContainerPort> ports(Tree.Mapping host, Path path) {
    List<ContainerPort> out = new ArrayList<>();
    Path list = path.field(host, "ports");
    int i = 0;
    for (Tree item : Values.items(host, "ports")) {
      Tree.Mapping port = Values.item(item);
      Path at = list.item(i++, item);
      Optional<ContainerPort> read = port == null ? Optional.empty() : pods.port(port, "port", at);
      read.ifPresent(out::add);
    }
    return out;
  }
}
