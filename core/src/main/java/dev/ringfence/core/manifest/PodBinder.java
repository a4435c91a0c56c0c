package dev.ringfence.core.manifest;

import dev.ringfence.core.cluster.ContainerPort;
import dev.ringfence.core.cluster.Phase;
import dev.ringfence.core.cluster.PodAddresses;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Protocol;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/// Pods, and the pod part of templates (S67, S112).
final class PodBinder {
  private final Findings findings;
  private final PortBinder ports;

  PodBinder(Findings findings) {
    this.findings = findings;
    this.ports = new PortBinder(findings);
  }

  ReadPod pod(Tree.Mapping root, Meta meta) {
    Path path = Path.root(root);
    Tree.Mapping spec = Values.mappingOrEmpty(root, "spec");
    Tree.Mapping status = Values.mappingOrEmpty(root, "status");
    Path statusPath = path.field(root, "status");
    return new ReadPod(
        meta,
        fields(spec, path.field(root, "spec")),
        addresses(status, statusPath),
        phase(status, statusPath),
        startTime(status));
  }

  PodFields fields(Tree.Mapping spec, Path path) {
    List<ContainerPort> out = new ArrayList<>();
    containers(spec, "containers", false, path, out);
    containers(spec, "initContainers", true, path, out);
    Optional<String> node = Values.text(spec, "nodeName").filter(text -> !text.isEmpty());
    return new PodFields(node, Values.isTrue(spec, "hostNetwork"), out);
  }

  private void containers(
      Tree.Mapping spec, String field, boolean init, Path path, List<ContainerPort> out) {
    Path list = path.field(spec, field);
    int i = 0;
    for (Tree item : Values.items(spec, field)) {
      Tree.Mapping container = Values.item(item);
      Path at = list.item(i++, item);
      if (container == null || container.get("ports") == null) {
        continue;
      }
      boolean sidecar =
          Values.text(container, "restartPolicy").filter("Always"::equals).isPresent();
      if (!init || sidecar) {
        containerPorts(container, at, out);
      }
    }
  }

  private void containerPorts(Tree.Mapping container, Path path, List<ContainerPort> out) {
    Path list = path.field(container, "ports");
    int i = 0;
    for (Tree item : Values.items(container, "ports")) {
      Tree.Mapping port = Values.item(item);
      Path at = list.item(i++, item);
      if (port != null) {
        port(port, "containerPort", at).ifPresent(out::add);
      }
    }
  }

  /// A port with protocol and number, of a container or of a host outside.
  Optional<ContainerPort> port(Tree.Mapping port, String field, Path path) {
    Optional<Protocol> protocol = ports.protocol(port, path);
    OptionalInt number = Values.int32(port, field);
    Path at = path.field(port, field);
    if (port.get(field) == null) {
      findings.required(at, "");
    } else if (number.isPresent() && !PortBinder.isPort(number.getAsInt())) {
      findings.invalid(at, Integer.toString(number.getAsInt()), PortBinder.RANGE);
    }
    Optional<String> name = Values.text(port, "name").filter(text -> !text.isEmpty());
    return number.isPresent() && PortBinder.isPort(number.getAsInt())
        ? protocol.map(one -> new ContainerPort(name, one, number.getAsInt()))
        : Optional.empty();
  }

  /// Unknown where there is no status at all (S112).
  private PodAddresses addresses(Tree.Mapping status, Path path) {
    if (status.entries().isEmpty()) {
      return new PodAddresses.Unknown();
    }
    List<Address> out = new ArrayList<>();
    Path list = path.field(status, "podIPs");
    int i = 0;
    for (Tree item : Values.items(status, "podIPs")) {
      Tree.Mapping ip = Values.item(item);
      Path at = list.item(i++, item);
      if (ip != null) {
        address(ip, "ip", at).ifPresent(out::add);
      }
    }
    String single = Values.text(status, "podIP").orElse("");
    if (i == 0 && !single.isEmpty()) {
      address(single, path.field(status, "podIP")).ifPresent(out::add);
    }
    return new PodAddresses.Known(out);
  }

  /// The address in a field that must be there.
  Optional<Address> address(Tree.Mapping in, String field, Path path) {
    Optional<String> text = Values.text(in, field);
    if (text.isEmpty() && in.get(field) != null) {
      return Optional.empty(); // of a wrong type, which has been reported
    }
    return address(text.orElse(""), path.field(in, field));
  }

  /// An address in strict spelling; anything else is reported.
  Optional<Address> address(String text, Path path) {
    Optional<Address> read = Address.parse(text);
    if (read.isEmpty()) {
      findings.invalid(
          path,
          GoText.quote(text),
          "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
    }
    return read;
  }

  private Phase phase(Tree.Mapping status, Path path) {
    String text = Values.text(status, "phase").orElse("");
    if (text.isEmpty()) {
      return Phase.RUNNING;
    }
    for (Phase phase : Phase.values()) {
      if (text.equals(spelled(phase))) {
        return phase;
      }
    }
    findings.unsupported(
        path.field(status, "phase"), text, "Pending", "Running", "Succeeded", "Failed", "Unknown");
    return Phase.UNKNOWN;
  }

  private static String spelled(Phase phase) {
    String name = phase.name();
    return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
  }

  private static Optional<Instant> startTime(Tree.Mapping status) {
    Optional<String> text = Values.text(status, "startTime");
    try {
      return text.map(OffsetDateTime::parse).map(OffsetDateTime::toInstant);
    } catch (DateTimeParseException _) {
      return Optional.empty(); // the decoder has reported it
    }
  }
}
