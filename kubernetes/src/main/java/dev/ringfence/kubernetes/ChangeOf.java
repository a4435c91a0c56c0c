package dev.ringfence.kubernetes;

import dev.ringfence.core.compiled.Change;
import dev.ringfence.core.manifest.LiveKind;
import dev.ringfence.core.manifest.LiveObject;
import dev.ringfence.core.model.ObjectName;
import java.util.Optional;

/// From what a cluster says of an object to what an engine takes in.
final class ChangeOf {
  private ChangeOf() {}

  /// Empty for kinds that no policy looks at.
  static Optional<Change> set(LiveObject object) {
    return switch (object) {
      case LiveObject.OfNamespace(var namespace) -> Optional.of(new Change.NamespaceSet(namespace));
      case LiveObject.OfNode(var node) -> Optional.of(new Change.NodeSet(node));
      case LiveObject.OfPod(var pod) -> Optional.of(new Change.PodSet(pod));
      case LiveObject.OfPolicy(var policy) -> Optional.of(new Change.PolicySet(policy));
      case LiveObject.OfService _, LiveObject.OfSlice _ -> Optional.empty();
    };
  }

  static Optional<Change> gone(LiveKind kind, ObjectName name) {
    return switch (kind) {
      case NAMESPACE -> Optional.of(new Change.NamespaceGone(name.name()));
      case NODE -> Optional.of(new Change.NodeGone(name.name()));
      case POD -> Optional.of(new Change.PodGone(name));
      case NETWORK_POLICY -> Optional.of(new Change.PolicyGone(name));
      case SERVICE, ENDPOINT_SLICE -> Optional.empty();
    };
  }
}
