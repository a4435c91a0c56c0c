package dev.ringfence.lab.control;

import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.lab.scenario.End;
import dev.ringfence.lab.scenario.EndNames;
import dev.ringfence.lab.scenario.Probe;
import dev.ringfence.lab.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Which probes `lab probe FROM TO PORT` means.
final class Selection {
  private Selection() {}

  /// @param arguments nothing for all; from and to for every port; from, to and `port` or
  ///   `port/protocol`
  static List<Probe> of(Scenario scenario, List<String> arguments) {
    if (arguments.isEmpty()) {
      return Probe.all(scenario);
    }
    if (arguments.size() < 2 || arguments.size() > 3) {
      throw new LabException("FROM TO or FROM TO PORT");
    }
    EndNames names = new EndNames(scenario);
    List<End> from = names.find(arguments.get(0));
    List<End> to = names.find(arguments.get(1));
    List<Probe> out =
        arguments.size() == 2
            ? Probe.between(scenario, (a, b) -> from.contains(a) && to.contains(b))
            : onPort(from, to, arguments.get(2));
    if (out.isEmpty()) {
      throw new LabException(
          "nothing to probe from " + arguments.get(0) + " to " + arguments.get(1));
    }
    return out;
  }

  private static List<Probe> onPort(List<End> from, List<End> to, String text) {
    int slash = text.indexOf('/');
    String number = slash < 0 ? text : text.substring(0, slash);
    Protocol protocol = slash < 0 ? Protocol.TCP : protocol(text.substring(slash + 1));
    int port = port(number);
    List<Probe> out = new ArrayList<>();
    for (End source : from) {
      for (End target : to) {
        if (!source.id().equals(target.id())) {
          for (Family family : Family.values()) {
            Probe.of(source, target, protocol, port, family).ifPresent(out::add);
          }
        }
      }
    }
    return out;
  }

  private static int port(String number) {
    if (!number.matches("[1-9][0-9]{0,4}") || Integer.parseInt(number) > 65_535) {
      throw new LabException("not a port: " + number);
    }
    return Integer.parseInt(number);
  }

  private static Protocol protocol(String text) {
    return switch (text.toUpperCase(Locale.ROOT)) {
      case "TCP" -> Protocol.TCP;
      case "UDP" -> Protocol.UDP;
      case "SCTP" -> Protocol.SCTP;
      default -> throw new LabException("packets are sent over TCP, UDP and SCTP, not " + text);
    };
  }
}
