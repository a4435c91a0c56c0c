package dev.ringfence.core.manifest;

import dev.ringfence.core.cluster.EndpointSlice;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// EndpointSlices, as far as backends need them.
final class EndpointSliceBinder {
  private static final String SERVICE = "kubernetes.io/service-name";

  private final Findings findings;
  private final PortBinder ports;

  EndpointSliceBinder(Findings findings) {
    this.findings = findings;
    this.ports = new PortBinder(findings);
  }

  EndpointSlice bind(Tree.Mapping root, Meta meta) {
    return new EndpointSlice(
        meta.name(), meta.labels().getOrDefault(SERVICE, ""), ready(root), portItems(root));
  }

  /// A name instead of addresses (`addressType: FQDN`) has no role here (S110).
  private List<Address> ready(Tree.Mapping root) {
    List<Address> out = new ArrayList<>();
    if (Values.text(root, "addressType").filter("FQDN"::equals).isPresent()) {
      return out;
    }
    Path list = Path.root(root).field(root, "endpoints");
    int i = 0;
    for (Tree item : Values.items(root, "endpoints")) {
      Tree.Mapping endpoint = Values.item(item);
      Path at = list.item(i++, item);
      if (endpoint != null && isReady(endpoint)) {
        addresses(endpoint, at, out);
      }
    }
    return out;
  }

  /// Absent means that nobody knows, which counts as ready.
  private static boolean isReady(Tree.Mapping endpoint) {
    Tree.Mapping conditions = Values.mappingOrEmpty(endpoint, "conditions");
    return conditions.get("ready") == null || Values.isTrue(conditions, "ready");
  }

  /// All of one endpoint's are interchangeable; the first is used.
  private void addresses(Tree.Mapping endpoint, Path path, List<Address> into) {
    List<Tree> written = Values.items(endpoint, "addresses");
    if (!written.isEmpty()) {
      String text = Values.itemText(written.getFirst());
      Path at = path.field(endpoint, "addresses").item(0, written.getFirst());
      if (text != null) {
        new PodBinder(findings).address(text, at).ifPresent(into::add);
      }
    }
  }

  private List<EndpointSlice.Port> portItems(Tree.Mapping root) {
    List<EndpointSlice.Port> out = new ArrayList<>();
    Path list = Path.root(root).field(root, "ports");
    int i = 0;
    for (Tree item : Values.items(root, "ports")) {
      Tree.Mapping port = Values.item(item);
      Path at = list.item(i++, item);
      if (port != null) {
        Optional<Protocol> protocol = ports.protocol(port, at);
        OptionalInt number = Values.int32(port, "port");
        Optional<String> name = Values.text(port, "name").filter(text -> !text.isEmpty());
        if (protocol.isPresent() && number.isPresent() && PortBinder.isPort(number.getAsInt())) {
          out.add(new EndpointSlice.Port(name, protocol.get(), number.getAsInt()));
        }
      }
    }
    return out;
  }
}
