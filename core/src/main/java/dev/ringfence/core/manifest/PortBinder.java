package dev.ringfence.core.manifest;

import dev.ringfence.core.model.PortItem;
import dev.ringfence.core.model.PortRange;
import dev.ringfence.core.model.Protocol;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// One item of a rule's `ports` (S151 to S157, S53 to S56).
final class PortBinder {
  static final String RANGE = "must be between 1 and 65535, inclusive";

  private final Findings findings;

  private final Release release;

  PortBinder(Findings findings) {
    this(findings, Release.NEWEST);
  }

  PortBinder(Findings findings, Release release) {
    this.findings = findings;
    this.release = release;
  }

  /// Empty where a mistake was reported.
  Optional<PortItem> bind(Tree.Mapping item, Path path) {
    Optional<Protocol> protocol = protocol(item, path);
    Tree port = item.get("port");
    OptionalInt endPort = Values.int32(item, "endPort");
    if (port == null) {
      if (endPort.isPresent()) {
        end(item, path, endPort.getAsInt(), "may not be specified when `port` is not specified");
      }
      boolean right = endPort.isEmpty() && item.get("endPort") == null;
      return right ? protocol.map(PortItem.Every::new) : Optional.empty();
    }
    Optional<String> name = Values.text(item, "port");
    if (name.isPresent()) {
      return named(item, path, protocol, name.get(), endPort);
    }
    OptionalInt number = Values.int32(item, "port");
    return number.isEmpty()
        ? Optional.empty()
        : numbers(item, path, protocol, number.getAsInt(), endPort);
  }

  /// Absent means TCP (S56).
  Optional<Protocol> protocol(Tree.Mapping item, Path path) {
    if (item.get("protocol") == null) {
      return Optional.of(Protocol.TCP);
    }
    Optional<String> text = Values.text(item, "protocol");
    Optional<Protocol> known = text.flatMap(PortBinder::protocolNamed);
    if (text.isPresent() && known.isEmpty()) {
      findings.unsupported(path.field(item, "protocol"), text.get(), "TCP", "UDP", "SCTP");
    }
    return known;
  }

  private static Optional<Protocol> protocolNamed(String text) {
    for (Protocol one : List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP)) {
      if (one.toString().equals(text)) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }

  private Optional<PortItem> named(
      Tree.Mapping item, Path path, Optional<Protocol> protocol, String name, OptionalInt endPort) {
    if (endPort.isPresent()) {
      end(item, path, endPort.getAsInt(), "may not be specified when `port` is non-numeric");
    }
    List<String> mistakes = Names.portName(name);
    for (String mistake : mistakes) {
      findings.invalid(path.field(item, "port"), GoText.quote(name), mistake);
    }
    boolean right = mistakes.isEmpty() && item.get("endPort") == null;
    return right ? protocol.map(one -> new PortItem.Named(one, name)) : Optional.empty();
  }

  private Optional<PortItem> numbers(
      Tree.Mapping item, Path path, Optional<Protocol> protocol, int first, OptionalInt endPort) {
    boolean right = isPort(first);
    if (!right) {
      findings.invalid(path.field(item, "port"), Integer.toString(first), RANGE);
    }
    if (endPort.isPresent()) {
      int last = endPort.getAsInt();
      if (last < first) {
        int printed = release.printsEndPort() ? last : first;
        end(item, path, printed, "must be greater than or equal to `port`");
      }
      if (!isPort(last)) {
        end(item, path, last, RANGE);
      }
      right &= isPort(last) && last >= first;
    } else {
      right &= item.get("endPort") == null;
    }
    if (!right) {
      return Optional.empty();
    }
    PortRange range = new PortRange(first, endPort.orElse(first));
    return protocol.map(one -> new PortItem.Numbers(one, range));
  }

  private void end(Tree.Mapping item, Path path, int value, String detail) {
    findings.invalid(path.field(item, "endPort"), Integer.toString(value), detail);
  }

  static boolean isPort(int number) {
    return number >= 1 && number <= 65_535;
  }
}
