package dev.ringfence.core.manifest;

import dev.ringfence.core.cluster.Service;
import dev.ringfence.core.cluster.Service.ServicePort;
import dev.ringfence.core.cluster.Service.TargetPort;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Services, as far as names and backends need them.
final class ServiceBinder {
  private final Findings findings;
  private final PortBinder ports;

  ServiceBinder(Findings findings) {
    this.findings = findings;
    this.ports = new PortBinder(findings);
  }

  Service bind(Tree.Mapping root, Meta meta) {
    Tree.Mapping spec = Values.mappingOrEmpty(root, "spec");
    Path path = Path.root(root).field(root, "spec");
    Map<String, String> selector = Values.strings(spec, "selector");
    return new Service(
        meta.name(),
        Values.text(spec, "type").filter(text -> !text.isEmpty()).orElse("ClusterIP"),
        clusterIps(spec, path),
        Optional.of(selector).filter(pairs -> !pairs.isEmpty()),
        servicePorts(spec, path),
        access(spec));
  }

  private static Service.Access access(Tree.Mapping spec) {
    return new Service.Access(
        isHeadless(spec),
        families(spec),
        says(spec, "externalTrafficPolicy", "Local"),
        says(spec, "internalTrafficPolicy", "Local"),
        says(spec, "sessionAffinity", "ClientIP"),
        Values.text(spec, "type")
            .filter("ExternalName"::equals)
            .flatMap(type -> Values.text(spec, "externalName"))
            .filter(text -> !text.isEmpty()));
  }

  private static boolean says(Tree.Mapping spec, String field, String value) {
    return Values.text(spec, field).filter(value::equals).isPresent();
  }

  private static boolean isHeadless(Tree.Mapping spec) {
    return Values.text(spec, "clusterIP").filter("None"::equals).isPresent()
        || Values.items(spec, "clusterIPs").stream().map(Values::itemText).anyMatch("None"::equals);
  }

  /// Those that are written, and both where a second may be added or nothing is said.
  private static List<Family> families(Tree.Mapping spec) {
    List<Family> out = new ArrayList<>();
    for (Tree item : Values.items(spec, "ipFamilies")) {
      for (Family family : Family.values()) {
        if (family.toString().equals(Values.itemText(item)) && !out.contains(family)) {
          out.add(family);
        }
      }
    }
    Optional<String> policy = Values.text(spec, "ipFamilyPolicy").filter(text -> !text.isEmpty());
    boolean single = policy.isPresent() ? policy.get().equals("SingleStack") : !out.isEmpty();
    for (Family family : Family.values()) {
      if (!out.contains(family) && (out.isEmpty() || !single)) {
        out.add(family);
      }
    }
    return out;
  }

  private List<Address> clusterIps(Tree.Mapping spec, Path path) {
    List<Address> out = new ArrayList<>();
    Path list = path.field(spec, "clusterIPs");
    int i = 0;
    for (Tree item : Values.items(spec, "clusterIPs")) {
      String text = Values.itemText(item);
      Path at = list.item(i++, item);
      if (text != null) {
        clusterIp(text, at).ifPresent(out::add);
      }
    }
    if (i == 0) {
      clusterIp(Values.text(spec, "clusterIP").orElse(""), path.field(spec, "clusterIP"))
          .ifPresent(out::add);
    }
    return out;
  }

  private Optional<Address> clusterIp(String text, Path path) {
    return text.isEmpty() || text.equals("None")
        ? Optional.empty()
        : new PodBinder(findings).address(text, path);
  }

  private List<ServicePort> servicePorts(Tree.Mapping spec, Path path) {
    List<ServicePort> out = new ArrayList<>();
    Path list = path.field(spec, "ports");
    int i = 0;
    for (Tree item : Values.items(spec, "ports")) {
      Tree.Mapping port = Values.item(item);
      Path at = list.item(i++, item);
      if (port != null) {
        servicePort(port, at).ifPresent(out::add);
      }
    }
    return out;
  }

  private Optional<ServicePort> servicePort(Tree.Mapping port, Path path) {
    Optional<Protocol> protocol = ports.protocol(port, path);
    if (port.get("port") == null) {
      findings.required(path.field(port, "port"), "");
    }
    OptionalInt number = number(port, "port", path);
    OptionalInt target = number(port, "targetPort", path);
    OptionalInt node = number(port, "nodePort", path);
    if (protocol.isEmpty() || number.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> targetName = Values.text(port, "targetPort").filter(text -> !text.isEmpty());
    TargetPort to =
        targetName.isPresent()
            ? new TargetPort.ByName(targetName.get())
            : new TargetPort.ByNumber(target.orElse(number.getAsInt()));
    return Optional.of(
        new ServicePort(
            Values.text(port, "name").filter(text -> !text.isEmpty()),
            protocol.get(),
            number.getAsInt(),
            to,
            node.isPresent() ? Optional.of(node.getAsInt()) : Optional.empty()));
  }

  /// Empty where absent; 0 counts as absent except for `port` itself.
  private OptionalInt number(Tree.Mapping port, String field, Path path) {
    OptionalInt number = Values.int32(port, field);
    if (number.isEmpty() || PortBinder.isPort(number.getAsInt())) {
      return number;
    }
    if (number.getAsInt() != 0 || field.equals("port")) {
      findings.invalid(
          path.field(port, field), Integer.toString(number.getAsInt()), PortBinder.RANGE);
    }
    return OptionalInt.empty();
  }
}
