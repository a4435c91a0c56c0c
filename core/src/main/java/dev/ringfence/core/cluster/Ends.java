package dev.ringfence.core.cluster;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.Spelling;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Finds the end that a name means: `shop/pod/web-1`, `shop/web-1`, `shop/deployment/web`,
/// `shop/service/web`, `node/n1`, `10.1.2.3`.
///
/// @param hostNetworkAsPods take hostNetwork pods for pods of their own, not for their node (S101)
public record Ends(Snapshot now, boolean hostNetworkAsPods) {
  /// Nobody is called that, or whoever is has no address; the message says which.
  public static final class Unknown extends Exception {
    private static final long serialVersionUID = 1;

    public Unknown(String message) {
      super(message);
    }
  }

  public Ends(Snapshot now) {
    this(now, false);
  }

  /// The end that this text means.
  ///
  /// `namespace/name` is a pod, and where there is none the one workload of that name.
  public End find(String text) throws Unknown {
    var address = Address.parse(text);
    if (address.isPresent()) {
      return byAddress(address.get());
    }
    if (Cidr.parse(text).isPresent()) {
      throw new Unknown(text + ": one address is asked here, not a range");
    }
    String[] parts = text.split("/", -1);
    return switch (parts.length) {
      case 2 -> parts[0].equals("node") ? node(parts[1]) : podOrWorkload(parts[0], parts[1]);
      case 3 ->
          switch (parts[1]) {
            case "pod" -> pod(parts[0], parts[2]);
            case "service" -> service(parts[0], parts[2]);
            default -> workload(parts[0], parts[1], parts[2]);
          };
      default ->
          throw new Unknown(
              text
                  + ": not an end: write namespace/name, namespace/kind/name, node/name or an"
                  + " address");
    };
  }

  private End byAddress(Address address) {
    return now.services().values().stream()
        .filter(service -> service.clusterIps().contains(address))
        .findFirst()
        .<End>map(service -> new End.OfService(service, Optional.of(address), hostNetworkAsPods))
        .orElseGet(() -> new End.OfAddress(address));
  }

  /// A headless Service's name stands for its pods, dialled directly (S110).
  private End service(String namespace, String name) throws Unknown {
    Service service = now.services().get(new ObjectName(namespace, name));
    if (service == null) {
      throw new Unknown(
          "no service " + namespace + "/" + name + " in the input" + serviceHint(name));
    }
    if (!service.access().headless()) {
      return new End.OfService(service, Optional.empty(), hostNetworkAsPods);
    }
    List<Pod> pods =
        now.pods().values().stream()
            .filter(service::selects)
            .map(pod -> hostNetworkAsPods ? pod.onPodNetwork() : pod)
            .filter(Pod::counts)
            .toList();
    if (pods.isEmpty()) {
      return written(service);
    }
    return new End.OfPods(pods);
  }

  /// One without selector: its name stands for the addresses that its EndpointSlices have.
  private End written(Service service) throws Unknown {
    List<Address> ready =
        Backends.of(service, now).stream().flatMap(slice -> slice.ready().stream()).toList();
    List<Pod> pods =
        ready.stream()
            .map(now::resolve)
            .flatMap(end ->
                end instanceof Endpoint.OfPod(Pod pod, var at) ? Stream.of(pod) : Stream.empty())
            .distinct()
            .toList();
    if (ready.size() == 1) {
      return new End.OfAddress(ready.getFirst());
    }
    if (ready.isEmpty()) {
      throw new Unknown("service " + service.name() + " is headless and has no pods");
    }
    boolean allPods = ready.stream().allMatch(one -> now.resolve(one) instanceof Endpoint.OfPod);
    if (!allPods) {
      throw new Unknown(
          "service "
              + service.name()
              + " is headless, and its name stands for several: ask about one of "
              + String.join(", ", ready.stream().map(Address::toString).toList()));
    }
    return new End.OfPods(pods);
  }

  private End node(String name) throws Unknown {
    Node node = now.nodes().get(name);
    if (node != null) {
      return new End.OfNode(name, node.addresses());
    }
    if (now.pods().values().stream().anyMatch(pod -> pod.node().filter(name::equals).isPresent())) {
      return new End.OfNode(name, List.of());
    }
    throw new Unknown("no node/" + name + " in the input");
  }

  private End podOrWorkload(String namespace, String name) throws Unknown {
    if (now.pods().containsKey(new ObjectName(namespace, name))) {
      return pod(namespace, name);
    }
    Set<Workload> owners = new LinkedHashSet<>();
    now.pods().values().stream()
        .map(Pod::workload)
        .filter(owner -> owner.namespace().equals(namespace) && owner.name().equals(name))
        .forEach(owners::add);
    return switch (owners.size()) {
      case 0 ->
          throw new Unknown("no pod " + namespace + "/" + name + " in the input" + hint(name));
      case 1 -> workload(namespace, owners.iterator().next().kind(), name);
      default ->
          throw new Unknown(
              namespace
                  + "/"
                  + name
                  + " may be "
                  + String.join(" or ", owners.stream().map(Workload::id).sorted().toList()));
    };
  }

  private End pod(String namespace, String name) throws Unknown {
    Pod pod = now.pods().get(new ObjectName(namespace, name));
    if (pod == null) {
      throw new Unknown("no pod " + namespace + "/" + name + " in the input" + hint(name));
    }
    return asked(pod);
  }

  private End asked(Pod pod) throws Unknown {
    if (pod.phase().finished()) {
      throw new Unknown("pod " + pod.name() + " has finished, so it has no address");
    }
    if (pod.hostNetwork()) {
      return hostNetworkAsPods
          ? new End.OfPods(List.of(pod.onPodNetwork()))
          : new End.OfNode(pod.node().orElse("?"), pod.knownAddresses());
    }
    if (!pod.counts()) {
      throw new Unknown("pod " + pod.name() + " has no address yet");
    }
    if (!pod.knownAddresses().isEmpty() && now.ownedBy(pod).isEmpty()) {
      throw new Unknown(
          "pod "
              + pod.name()
              + " has lost its address "
              + pod.knownAddresses().getFirst()
              + " to another pod");
    }
    return new End.OfPods(List.of(pod));
  }

  private End workload(String namespace, String kind, String name) throws Unknown {
    String id = new Workload(namespace, kind, name).id();
    List<Pod> pods =
        now.pods().values().stream()
            .filter(pod -> pod.workload().id().equals(id) && !pod.phase().finished())
            .toList();
    if (pods.isEmpty()) {
      boolean known = now.pods().values().stream().anyMatch(pod -> pod.workload().id().equals(id));
      throw new Unknown(
          known
              ? "all pods of " + id + " have finished"
              : "no " + id + " in the input" + hint(name));
    }
    if (pods.size() == 1 || (pods.getFirst().hostNetwork() && !hostNetworkAsPods)) {
      return asked(pods.getFirst());
    }
    List<Pod> counting =
        pods.stream()
            .map(pod -> hostNetworkAsPods ? pod.onPodNetwork() : pod)
            .filter(pod -> pod.counts())
            .toList();
    if (counting.isEmpty()) {
      throw new Unknown("no pod of " + id + " has an address yet");
    }
    return new End.OfPods(counting);
  }

  /// Names that look alike, for whoever mistyped; a Service's only where no pod's does.
  private String hint(String name) {
    List<String> near =
        now.pods().values().stream()
            .filter(pod -> alike(pod.name().name(), name) || alike(pod.workload().name(), name))
            .map(pod -> alike(pod.workload().name(), name) ? pod.workload().id() : pod.id())
            .distinct()
            .sorted(Comparator.naturalOrder())
            .limit(3)
            .toList();
    return near.isEmpty() ? serviceHint(name) : offered(near);
  }

  private String serviceHint(String name) {
    return offered(
        now.services().values().stream()
            .filter(service -> alike(service.name().name(), name))
            .map(Service::id)
            .limit(3)
            .toList());
  }

  private static String offered(List<String> near) {
    return near.isEmpty() ? "" : "; is it " + String.join(" or ", near) + "?";
  }

  private static boolean alike(String one, String other) {
    return Spelling.distance(one.toLowerCase(Locale.ROOT), other.toLowerCase(Locale.ROOT)) <= 1;
  }
}
