package dev.ringfence.core.manifest;

import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Nodes: every address of whatever type (S231), and the ranges of their pods.
final class NodeBinder {
  private final Findings findings;

  NodeBinder(Findings findings) {
    this.findings = findings;
  }

  Node bind(Tree.Mapping root, Meta meta) {
    Path path = Path.root(root);
    Tree.Mapping status = Values.mappingOrEmpty(root, "status");
    Tree.Mapping spec = Values.mappingOrEmpty(root, "spec");
    return new Node(
        meta.name().name(),
        meta.labels(),
        addresses(status, path.field(root, "status")),
        podCidrs(spec, path.field(root, "spec")));
  }

  private List<Address> addresses(Tree.Mapping status, Path path) {
    List<Address> out = new ArrayList<>();
    Path list = path.field(status, "addresses");
    int i = 0;
    for (Tree item : Values.items(status, "addresses")) {
      Tree.Mapping address = Values.item(item);
      Path at = list.item(i++, item);
      if (address == null) {
        continue;
      }
      boolean ip = Values.text(address, "type").filter(type -> type.endsWith("IP")).isPresent();
      Optional<Address> read =
          ip
              ? new PodBinder(findings).address(address, "address", at)
              : Values.text(address, "address").flatMap(Address::parse);
      read.filter(one -> !out.contains(one)).ifPresent(out::add);
    }
    return out;
  }

  private List<Cidr> podCidrs(Tree.Mapping spec, Path path) {
    List<Cidr> out = new ArrayList<>();
    Path list = path.field(spec, "podCIDRs");
    int i = 0;
    for (Tree item : Values.items(spec, "podCIDRs")) {
      String text = Values.itemText(item);
      Path at = list.item(i++, item);
      if (text != null) {
        cidr(text, at).ifPresent(out::add);
      }
    }
    String single = Values.text(spec, "podCIDR").orElse("");
    if (i == 0 && !single.isEmpty()) {
      cidr(single, path.field(spec, "podCIDR")).ifPresent(out::add);
    }
    return out;
  }

  private Optional<Cidr> cidr(String text, Path path) {
    Optional<Cidr> read = Cidr.parse(text);
    if (read.isEmpty()) {
      findings.invalid(path, GoText.quote(text), CidrText.NOT_A_CIDR);
    }
    return read;
  }
}
