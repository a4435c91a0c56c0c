package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.NodePolicy.Admission;
import dev.ringfence.core.compiled.NodePolicy.Form;
import dev.ringfence.core.compiled.NodePolicy.Group;
import dev.ringfence.core.compiled.NodePolicy.LocalPod;
import dev.ringfence.core.compiled.NodePolicy.PeerSet;
import dev.ringfence.core.compiled.NodePolicy.Span;
import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.nftables.connections.Connection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// What the node's rules say of a connection, without a packet of it: as the table would.
final class Judgement {
  private final NodePolicy policy;
  private final Map<Address, LocalPod> pods = new HashMap<>();

  Judgement(NodePolicy policy) {
    this.policy = policy;
    for (LocalPod pod : policy.pods()) {
      pod.addresses().forEach(address -> pods.put(address, pod));
    }
  }

  /// Whether both sides let it pass.
  boolean allows(Connection one) {
    return allows(Direction.EGRESS, one.opener(), one.destination(), one)
        && allows(Direction.INGRESS, one.destination(), one.opener(), one);
  }

  private boolean allows(Direction direction, Address subject, Address peer, Connection one) {
    LocalPod pod = pods.get(subject);
    if (pod == null) {
      return true;
    }
    Optional<String> id = direction == Direction.INGRESS ? pod.ingress() : pod.egress();
    if (id.isEmpty()) {
      return true;
    }
    Group group = policy.groups().get(id.get());
    return group != null && contains(ports(group, peer), one);
  }

  private PortSet ports(Group group, Address peer) {
    PortSet out = PortSet.NONE;
    for (Admission admission : group.pods()) {
      PeerSet set = policy.sets().get(admission.setId());
      if (set == null) {
        return PortSet.NONE;
      }
      if (set.members().contains(peer)) {
        if (group.form() == Form.DISJOINT) {
          return admission.ports();
        }
        out = out.union(admission.ports());
      }
    }
    for (Span span : group.spans()) {
      if (span.ranges().stream().anyMatch(range -> range.contains(peer))) {
        return out.union(span.ports());
      }
    }
    return out;
  }

  private static boolean contains(PortSet ports, Connection one) {
    return switch (one.protocol()) {
      case 6 -> ports.contains(Protocol.TCP, one.port());
      case 17 -> ports.contains(Protocol.UDP, one.port());
      case 132 -> ports.contains(Protocol.SCTP, one.port());
      default -> ports.contains(Protocol.OTHER, OptionalInt.empty());
    };
  }
}
