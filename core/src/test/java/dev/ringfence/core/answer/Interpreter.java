package dev.ringfence.core.answer;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.model.Address;
import java.util.Objects;

/// Looks an address up as a node's kernel would: sets first, then spans, else denied.
final class Interpreter {
  private Interpreter() {}

  static PortSet ports(NodePolicy policy, String groupId, Address peer) {
    NodePolicy.Group group = Objects.requireNonNull(policy.groups().get(groupId));
    PortSet bySets = PortSet.NONE;
    for (NodePolicy.Admission admission : group.pods()) {
      if (Objects.requireNonNull(policy.sets().get(admission.setId())).members().contains(peer)) {
        if (group.form() == NodePolicy.Form.DISJOINT) {
          return admission.ports();
        }
        bySets = bySets.union(admission.ports());
      }
    }
    return bySets.union(
        group.spans().stream()
            .filter(span -> span.ranges().stream().anyMatch(range -> range.contains(peer)))
            .findFirst()
            .map(NodePolicy.Span::ports)
            .orElse(PortSet.NONE));
  }
}
