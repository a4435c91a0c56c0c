package dev.ringfence.core.cluster;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Turns a question about two named ends into flows: one for each pair of pods.
///
/// The family asked is the first that both ends have, in the order of the destination's addresses
/// (S119). An end whose address nobody knows goes with any family (S112).
public record Pairs(Snapshot now) {
  private static final List<Cidr> LOOPBACK = List.of(Cidr.of("127.0.0.0/8"), Cidr.of("::1/128"));

  /// Everything the question asks. A pod of a workload and itself are asked only where there is no
  /// other pair. A Service stands for its backends, each on its own target port (S105); a loopback
  /// address for whoever asks (S89).
  ///
  /// @throws Ends.Unknown if no two of them have a family in common, or a Service leads nowhere
  public List<Flow> flows(End from, End to, Protocol protocol, OptionalInt port)
      throws Ends.Unknown {
    List<Flow> out = new ArrayList<>();
    List<Flow> selves = new ArrayList<>();
    boolean viaService = to instanceof End.OfService;
    for (Candidate opener : candidates(opener(from), protocol, OptionalInt.empty())) {
      for (Candidate target : candidates(to, protocol, port)) {
        Candidate reached = isLoopback(to) ? opener.on(port) : target;
        boolean self =
            !viaService && opener.pod().isPresent() && opener.pod().equals(reached.pod());
        flow(opener, reached, protocol, viaService).ifPresent((self ? selves : out)::add);
      }
    }
    if (out.isEmpty() && selves.isEmpty()) {
      throw new Ends.Unknown("the two ends have no address family in common");
    }
    return out.isEmpty() ? selves : out;
  }

  /// A Service opens nothing; by one of its addresses somebody might mean whoever has it.
  private static End opener(End from) throws Ends.Unknown {
    if (from instanceof End.OfService(var service, var address, var asPods)) {
      return new End.OfAddress(
          address.orElseThrow(() ->
              new Ends.Unknown(
                  "service " + service.name() + " opens no connections: ask about its pods")));
    }
    return from;
  }

  /// One possible end: who, with which addresses, asked on which port.
  private record Candidate(
      Optional<Pod> pod, Optional<String> node, List<Address> addresses, OptionalInt port) {
    private Candidate on(OptionalInt other) {
      return new Candidate(pod, node, addresses, other);
    }
  }

  private static boolean isLoopback(End end) {
    return end instanceof End.OfAddress(var address)
        && LOOPBACK.stream().anyMatch(range -> range.contains(address));
  }

  private List<Candidate> candidates(End end, Protocol protocol, OptionalInt port)
      throws Ends.Unknown {
    return switch (end) {
      case End.OfPods(var pods) -> pods.stream().map(pod -> candidate(pod, port)).toList();
      case End.OfNode(var node, var addresses) ->
          List.of(new Candidate(Optional.empty(), Optional.of(node), addresses, port));
      case End.OfAddress(var address) ->
          List.of(new Candidate(Optional.empty(), Optional.empty(), List.of(address), port));
      case End.OfService service ->
          Backends.of(service, now, protocol, port).stream()
              .map(backend -> candidate(backend, service.address().map(Address::family)))
              .toList();
    };
  }

  private Candidate candidate(Pod pod, OptionalInt port) {
    List<Address> owned =
        pod.equals(now.pods().get(pod.name())) ? now.ownedBy(pod) : pod.knownAddresses();
    return new Candidate(Optional.of(pod), Optional.empty(), owned, port);
  }

  /// @param family that the Service was dialled over, if that is known
  private Candidate candidate(Backends.Backend backend, Optional<Family> family) {
    OptionalInt port = OptionalInt.of(backend.port());
    Candidate any =
        switch (backend) {
          case Backends.Backend.OfAddress(var address, var at) ->
              new Candidate(Optional.empty(), Optional.empty(), List.of(address), port);
          case Backends.Backend.OfPod(var pod, var at) when pod.hostNetwork() ->
              new Candidate(
                  Optional.empty(),
                  Optional.of(pod.node().orElse("?")),
                  Backends.addresses(pod, now),
                  port);
          case Backends.Backend.OfPod(var pod, var at) -> candidate(pod, port);
        };
    return new Candidate(
        any.pod(),
        any.node(),
        any.addresses().stream()
            .filter(one -> family.isEmpty() || one.family() == family.get())
            .toList(),
        any.port());
  }

  private Optional<Flow> flow(Candidate from, Candidate to, Protocol protocol, boolean viaService) {
    if (from.addresses().isEmpty() || to.addresses().isEmpty()) {
      return Optional.of(
          new Flow(
              endpoint(from, from.addresses().stream().findFirst()),
              endpoint(to, to.addresses().stream().findFirst()),
              protocol,
              to.port(),
              viaService));
    }
    for (Address target : to.addresses()) {
      for (Address source : from.addresses()) {
        if (source.family() == target.family()) {
          return Optional.of(
              new Flow(
                  endpoint(from, Optional.of(source)),
                  endpoint(to, Optional.of(target)),
                  protocol,
                  to.port(),
                  viaService));
        }
      }
    }
    return Optional.empty();
  }

  private Endpoint endpoint(Candidate end, Optional<Address> address) {
    if (end.pod().isPresent()) {
      return new Endpoint.OfPod(end.pod().get(), address);
    }
    return end.node()
        .<Endpoint>map(node -> new Endpoint.OfNode(node, address))
        .orElseGet(() -> now.resolve(address.orElseThrow()));
  }
}
