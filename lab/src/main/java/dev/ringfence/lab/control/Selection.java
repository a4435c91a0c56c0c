package dev.ringfence.lab.control;

import dev.ringfence.core.cluster.Service;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.lab.scenario.End;
import dev.ringfence.lab.scenario.EndNames;
import dev.ringfence.lab.scenario.Probe;
import dev.ringfence.lab.scenario.Scenario;
import dev.ringfence.lab.scenario.ServiceProbes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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
    List<Probe> out = probes(scenario, names, from, arguments);
    if (out.isEmpty()) {
      throw new LabException(
          "nothing to probe from " + arguments.get(0) + " to " + arguments.get(1));
    }
    return out;
  }

  private static List<Probe> probes(
      Scenario scenario, EndNames names, List<End> from, List<String> arguments) {
    String to = arguments.get(1);
    Optional<Asked> port =
        arguments.size() == 2 ? Optional.empty() : Optional.of(Asked.of(arguments.get(2)));
    Optional<Service> service = names.service(to);
    if (service.isPresent()) {
      return ServiceProbes.of(
          scenario,
          (opener, door) ->
              from.contains(opener)
                  && door.service().equals(service.get())
                  && !other(door.address(), to)
                  && port.filter(one -> !one.is(door.protocol(), door.number())).isEmpty());
    }
    List<End> targets = names.find(to);
    return port.map(one -> onPort(from, targets, one.protocol(), one.port()))
        .orElseGet(
            () -> Probe.between(scenario, (a, b) -> from.contains(a) && targets.contains(b)));
  }

  /// Whether the text is an address, and another than this.
  private static boolean other(Address address, String text) {
    return Address.parse(text).filter(asked -> !asked.equals(address)).isPresent();
  }

  /// `8080` or `53/UDP`.
  private record Asked(Protocol protocol, int port) {
    static Asked of(String text) {
      int slash = text.indexOf('/');
      String number = slash < 0 ? text : text.substring(0, slash);
      return new Asked(
          slash < 0 ? Protocol.TCP : Selection.protocol(text.substring(slash + 1)),
          Selection.port(number));
    }

    boolean is(Protocol other, int number) {
      return protocol == other && port == number;
    }
  }

  private static List<Probe> onPort(List<End> from, List<End> to, Protocol protocol, int port) {
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
