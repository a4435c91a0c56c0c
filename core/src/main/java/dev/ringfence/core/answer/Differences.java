package dev.ringfence.core.answer;

import dev.ringfence.core.answer.Difference.What;
import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.IpBlock;
import dev.ringfence.core.model.LabelSelector;
import dev.ringfence.core.model.NamespaceScope;
import dev.ringfence.core.model.Peer;
import dev.ringfence.core.model.PortItem;
import dev.ringfence.core.model.PortRange;
import dev.ringfence.core.model.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What keeps one item of a rule from matching. [Matching] says whether it does.
record Differences(Snapshot now) {
  /// Of several items, the one with the fewest differences.
  record Closest(OptionalInt at, List<Difference> differs) {
    static final Closest ANYTHING = new Closest(OptionalInt.empty(), List.of());
  }

  /// The closest item; empty where nobody can read any.
  static <T> Optional<Closest> closest(List<T> items, Function<T, Optional<List<Difference>>> of) {
    Optional<Closest> best = Optional.empty();
    for (int i = 0; i < items.size(); i++) {
      Optional<List<Difference>> found = of.apply(items.get(i));
      if (found.isPresent()
          && (best.isEmpty() || found.get().size() < best.get().differs().size())) {
        best = Optional.of(new Closest(OptionalInt.of(i), found.get()));
      }
    }
    return best;
  }

  /// Why a peer item does not match an end; empty for an item that nobody can read.
  Optional<List<Difference>> ofPeer(Peer item, String ownNamespace, Endpoint end) {
    return switch (item) {
      case Peer.Everyone() -> Optional.of(List.of());
      case Peer.Unreadable unreadable -> Optional.empty();
      case Peer.Block(IpBlock block) -> Optional.of(ofBlock(block, end));
      case Peer.Pods pods ->
          Optional.of(
              end instanceof Endpoint.OfPod(Pod pod, var at)
                  ? ofPods(pods, ownNamespace, pod)
                  : List.of(
                      new Difference(
                          What.IP_BLOCK,
                          Optional.empty(),
                          Optional.empty(),
                          end.address().map(Address::toString))));
    };
  }

  private static List<Difference> ofBlock(IpBlock block, Endpoint end) {
    boolean inside = end.address().map(block::contains).orElseGet(block::coversFamily); // S112
    return inside
        ? List.of()
        : List.of(Difference.of(What.IP_BLOCK, text(block), end.address().map(Address::toString)));
  }

  private static String text(IpBlock block) {
    String holes = block.except().stream().map(Cidr::toString).collect(Collectors.joining(", "));
    return block.cidr() + (holes.isEmpty() ? "" : " except " + holes);
  }

  private List<Difference> ofPods(Peer.Pods item, String ownNamespace, Pod pod) {
    List<Difference> out = new ArrayList<>();
    switch (item.scope()) {
      case NamespaceScope.PolicyNamespace() -> {
        if (!pod.namespace().equals(ownNamespace)) {
          out.add(Difference.of(What.NAMESPACE, ownNamespace, Optional.of(pod.namespace())));
        }
      }
      case NamespaceScope.Matching(var selector) ->
          addLabels(out, What.NAMESPACE_LABEL, selector, now.namespaceLabels(pod.namespace()));
    }
    addLabels(out, What.POD_LABEL, item.pods(), pod.labels());
    return out;
  }

  private static void addLabels(
      List<Difference> out, What what, LabelSelector selector, Map<String, String> labels) {
    for (Requirement requirement : selector.requirements()) {
      if (!requirement.matches(labels)) {
        out.add(
            new Difference(
                what,
                Optional.of(requirement.key()),
                wants(requirement),
                Optional.ofNullable(labels.get(requirement.key()))));
      }
    }
  }

  private static Optional<String> wants(Requirement requirement) {
    return switch (requirement) {
      case Requirement.Equal(var key, var value) -> Optional.of(value);
      case Requirement.In(var key, var values) when values.size() == 1 ->
          Optional.of(values.getFirst());
      case Requirement.In(var key, var values) ->
          Optional.of("one of " + String.join(", ", values));
      case Requirement.NotIn(var key, var values) ->
          Optional.of(
              values.size() == 1
                  ? "anything but " + values.getFirst()
                  : "none of " + String.join(", ", values));
      case Requirement.Exists exists -> Optional.of("any value");
      case Requirement.DoesNotExist absent -> Optional.empty();
    };
  }

  /// Why a port item does not match a flow; empty for an item that nobody can read.
  Optional<List<Difference>> ofPort(PortItem item, Flow flow) {
    if (item instanceof PortItem.Unreadable) {
      return Optional.empty();
    }
    List<Difference> out = new ArrayList<>();
    if (item.protocol() != flow.protocol()) {
      out.add(
          Difference.of(
              What.PROTOCOL, item.protocol().toString(), Optional.of(flow.protocol().toString())));
    }
    if (flow.port().isPresent()) {
      int port = flow.port().getAsInt();
      Optional<String> asked = Optional.of(Integer.toString(port));
      switch (item) {
        case PortItem.Every every -> {}
        case PortItem.Unreadable unreadable -> {}
        case PortItem.Numbers(var protocol, PortRange range) -> {
          if (!range.contains(port)) {
            out.add(Difference.of(What.PORT, range.toString(), asked));
          }
        }
        case PortItem.Named(var protocol, String name) -> {
          boolean declared =
              flow.to() instanceof Endpoint.OfPod(Pod pod, var at)
                  && pod.declares(name, protocol, port);
          if (!declared) {
            out.add(Difference.of(What.PORT, name, asked));
          }
        }
      }
    }
    return Optional.of(out);
  }
}
