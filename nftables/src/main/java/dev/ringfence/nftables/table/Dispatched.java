package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.NodePolicy.LocalPod;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.NftElement;
import dev.ringfence.nftables.netlink.Verdict;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The entries of one dispatch map: each address of an isolated pod and the chain of its group.
///
/// Made only when somebody asks, and told apart from an earlier version by the pods that differ.
final class Dispatched extends AbstractSet<NftElement> {
  private final Dispatch of;
  private final Direction direction;
  private final Family family;
  private final Orientation orientation;
  private final int size;
  private @Nullable Set<NftElement> all;

  Dispatched(Dispatch of, Direction direction, Family family, Orientation orientation) {
    this.of = of;
    this.direction = direction;
    this.family = family;
    this.orientation = orientation;
    int count = 0;
    for (LocalPod pod : of.pods()) {
      count += group(pod).isPresent() ? addresses(pod) : 0;
    }
    this.size = count;
  }

  private int addresses(LocalPod pod) {
    int count = 0;
    for (Address address : pod.addresses()) {
      count += address.family() == family ? 1 : 0;
    }
    return count;
  }

  private Optional<String> group(LocalPod pod) {
    return direction == Direction.INGRESS ? pod.ingress() : pod.egress();
  }

  /// Those that an older or a newer version lacks.
  Iterator<NftElement> missingFrom(Dispatched other) {
    if (other.of.equals(of)) {
      return List.<NftElement>of().iterator();
    }
    Optional<Dispatch.Step> step = of.since(other.of);
    if (step.isPresent()) {
      return missing(step.get().come(), step.get().gone());
    }
    Optional<Dispatch.Step> back = other.of.since(of);
    if (back.isPresent()) {
      return missing(back.get().gone(), back.get().come());
    }
    return elements().stream().filter(one -> !other.contains(one)).iterator();
  }

  private Iterator<NftElement> missing(List<LocalPod> mine, List<LocalPod> theirs) {
    List<NftElement> out = entries(mine);
    out.removeAll(new HashSet<>(entries(theirs)));
    return out.iterator();
  }

  private List<NftElement> entries(Collection<LocalPod> pods) {
    List<NftElement> out = new ArrayList<>();
    for (LocalPod pod : pods) {
      Optional<String> group = group(pod);
      if (group.isPresent()) {
        Verdict to = new Verdict.Jump(Names.group(direction, group.get(), family, orientation));
        for (Address address : pod.addresses()) {
          if (address.family() == family) {
            out.add(NftElement.of(Bytes.of(address), to));
          }
        }
      }
    }
    return out;
  }

  private Set<NftElement> elements() {
    Set<NftElement> known = all;
    if (known == null) {
      known = Set.copyOf(entries(of.pods()));
      all = known;
    }
    return known;
  }

  @Override
  public boolean contains(@Nullable Object element) {
    return element != null && elements().contains(element);
  }

  @Override
  public Iterator<NftElement> iterator() {
    return elements().iterator();
  }

  @Override
  public int size() {
    return size;
  }
}
