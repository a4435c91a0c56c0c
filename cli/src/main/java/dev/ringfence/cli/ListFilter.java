package dev.ringfence.cli;

import dev.ringfence.core.answer.Connection.Where;
import dev.ringfence.core.answer.Party;
import dev.ringfence.core.answer.Wanted;
import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Service;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.AddressRange;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.Protocol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Which connections of a list are wanted; those of one option are alternatives.
@Command(addMethodSubcommands = false)
final class ListFilter {
  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "Only what starts or ends in this namespace.")
  List<String> namespaces = new ArrayList<>();

  @Option(
      names = "--focus",
      paramLabel = "END",
      description =
          "Only what starts or ends at this workload (namespace/name or namespace/kind/name), pod,"
              + " node, Service (namespace/service/name), address, CIDR or \"outside\".")
  List<String> focus = new ArrayList<>();

  @Option(names = "--from", paramLabel = "END", description = "Only what starts there.")
  List<String> from = new ArrayList<>();

  @Option(names = "--to", paramLabel = "END", description = "Only what ends there.")
  List<String> to = new ArrayList<>();

  @Option(
      names = "--port",
      paramLabel = "PORT[/PROTOCOL]",
      description = "Only what includes this port: 8080, 53/UDP, ICMP, ...")
  List<String> ports = new ArrayList<>();

  boolean isNothing() {
    return namespaces.isEmpty()
        && focus.isEmpty()
        && from.isEmpty()
        && to.isEmpty()
        && ports.isEmpty();
  }

  /// Whether an end is listed even if nothing starts or ends there.
  boolean isMeant(Party party) {
    return namespaces.contains(party.namespace());
  }

  /// What the options say.
  ///
  /// @throws Failure if they name somebody who is not there
  Wanted wanted(List<Party> parties, Snapshot now, boolean self) {
    List<Predicate<Where>> touching = new ArrayList<>();
    if (!namespaces.isEmpty()) {
      touching.add(inNamespaces(now));
    }
    if (!focus.isEmpty()) {
      touching.add(any(focus, parties, now));
    }
    return new Wanted(
        from.isEmpty() ? end -> true : any(from, parties, now),
        to.isEmpty() ? end -> true : any(to, parties, now),
        touching,
        including(),
        self);
  }

  private Predicate<Where> inNamespaces(Snapshot now) {
    for (String namespace : namespaces) {
      if (!now.namespaces().containsKey(namespace)) {
        throw new Failure("no namespace " + namespace + " in the input");
      }
    }
    return end -> end instanceof Where.Inside(Party party) && isMeant(party);
  }

  private Predicate<PortSet> including() {
    Predicate<PortSet> out = set -> ports.isEmpty();
    for (String text : ports) {
      Asked asked = Asked.parse(text);
      Integer number = asked.port();
      Protocol protocol =
          number == null
              ? Protocol.OTHER
              : Protocol.valueOf(asked.protocol().toUpperCase(Locale.ROOT));
      OptionalInt port = number == null ? OptionalInt.empty() : OptionalInt.of(number);
      out = out.or(set -> set.contains(protocol, port));
    }
    return out;
  }

  private static Predicate<Where> any(List<String> texts, List<Party> parties, Snapshot now) {
    Predicate<Where> out = end -> false;
    for (String text : texts) {
      out = out.or(one(text, parties, now));
    }
    return out;
  }

  private static Predicate<Where> one(String text, List<Party> parties, Snapshot now) {
    if (text.equals("outside")) {
      return end -> end instanceof Where.Outside;
    }
    Optional<Service> service = service(text, now);
    if (service.isPresent()) {
      Set<String> ids = behind(service.get(), parties, now);
      if (ids.isEmpty()) {
        throw new Failure(
            "nobody behind " + text + " is in the list; nodes and hostNetwork pods are by --nodes");
      }
      return inside(ids);
    }
    Optional<AddressRange> range =
        Address.parse(text).map(Cidr::only).or(() -> Cidr.parse(text)).map(Cidr::range);
    if (range.isPresent()) {
      Set<String> ids = holders(range.get(), now);
      return end ->
          switch (end) {
            case Where.Inside(Party party) -> ids.contains(party.id());
            case Where.Outside(var ranges) ->
                ranges.stream().anyMatch(one -> overlap(one, range.get()));
          };
    }
    Set<String> ids = named(text, parties, now);
    if (ids.isEmpty()) {
      throw new Failure("nobody called " + text + " in the list");
    }
    return inside(ids);
  }

  private static Predicate<Where> inside(Set<String> ids) {
    return end -> end instanceof Where.Inside(Party party) && ids.contains(party.id());
  }

  /// The Service that a name or an address means.
  private static Optional<Service> service(String text, Snapshot now) {
    return now.services().values().stream()
        .filter(service ->
            service.id().equals(text)
                || Address.parse(text).filter(service.clusterIps()::contains).isPresent())
        .findFirst();
  }

  /// Whom the Service leads to: a list is about them, since policies are (S105).
  private static Set<String> behind(Service service, List<Party> parties, Snapshot now) {
    Set<String> out = new HashSet<>();
    now.pods().values().stream()
        .filter(service::selects)
        .forEach(pod -> out.addAll(List.of(pod.id(), pod.workload().id())));
    out.retainAll(parties.stream().map(Party::id).toList());
    return out;
  }

  private static boolean overlap(AddressRange a, AddressRange b) {
    return a.family() == b.family()
        && a.first().compareTo(b.last()) <= 0
        && b.first().compareTo(a.last()) <= 0;
  }

  /// Ids of those with an address in the range.
  private static Set<String> holders(AddressRange range, Snapshot now) {
    Set<String> out = new HashSet<>();
    now.pods()
        .values()
        .forEach(pod ->
            pod.knownAddresses().stream()
                .filter(range::contains)
                .map(now::resolve)
                .forEach(end -> out.addAll(ids(end))));
    now.nodes()
        .values()
        .forEach(node -> {
          if (node.addresses().stream().anyMatch(range::contains)) {
            out.add("node/" + node.name());
          }
        });
    return out;
  }

  private static List<String> ids(Endpoint end) {
    return switch (end) {
      case Endpoint.OfPod(var pod, var at) -> List.of(pod.id(), pod.workload().id());
      case Endpoint.OfNode(var node, var at) -> List.of("node/" + node);
      case Endpoint.UnknownPod unknown -> List.of();
      case Endpoint.Outside outside -> List.of();
    };
  }

  /// Ids of a workload and its pods, of one pod, or of a node.
  private static Set<String> named(String text, List<Party> parties, Snapshot now) {
    Set<String> out = new HashSet<>();
    for (Party party : parties) {
      if (party.id().equals(text) || text.equals(party.namespace() + "/" + party.name())) {
        out.add(party.id());
      }
    }
    if (!out.isEmpty()) {
      return out;
    }
    Set<String> shown = new HashSet<>();
    parties.forEach(party -> shown.add(party.id()));
    now.pods()
        .values()
        .forEach(pod -> {
          var workload = pod.workload();
          boolean meant =
              pod.id().equals(text)
                  || pod.name().toString().equals(text)
                  || workload.id().equals(text)
                  || new ObjectName(workload.namespace(), workload.name()).toString().equals(text);
          if (meant) {
            out.add(shown.contains(pod.id()) ? pod.id() : workload.id());
          }
        });
    out.retainAll(shown);
    return out;
  }
}
