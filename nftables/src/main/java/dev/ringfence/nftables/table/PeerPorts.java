package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.AddressSet;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.NftElement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// Every peer with every port it may use: `address . protocol . port`, no object for each.
///
/// @param all no address is a peer of two of them
/// @param count elements, of this family alone
record PeerPorts(Family family, List<Of> all, int count) implements Members {
  /// Some peers and the ports that each of them may use.
  ///
  /// @param peers of both families
  /// @param ports what comes after the address: protocol and port, each padded to four bytes
  record Of(AddressSet peers, List<Bytes> ports) {
    int count(Family family) {
      return peers.count(family) * ports.size();
    }

    private Stream<NftElement> elements(Family family) {
      Stream.Builder<NftElement> out = Stream.builder();
      for (Address one : peers) {
        if (one.family() == family) {
          Bytes address = Bytes.of(one);
          ports.forEach(port -> out.add(NftElement.of(address.then(port))));
        }
      }
      return out.build();
    }
  }

  static PeerPorts of(Family family, List<Of> all) {
    int count = 0;
    for (Of one : all) {
      count += one.count(family);
    }
    return new PeerPorts(family, List.copyOf(all), count);
  }

  /// The same with other peers at some places.
  PeerPorts with(Map<Integer, AddressSet> changed) {
    List<Of> now = new ArrayList<>(all);
    changed.forEach((at, peers) -> now.set(at, new Of(peers, now.get(at).ports())));
    return of(family, now);
  }

  /// All of them without their ports, of both families.
  AddressSet peers() {
    List<Address> out = new ArrayList<>();
    all.forEach(one -> out.addAll(one.peers()));
    return AddressSet.of(out);
  }

  /// Elements that the largest of them comes to.
  int most() {
    int most = 0;
    for (Of one : all) {
      most = Math.max(most, one.count(family));
    }
    return most;
  }

  /// Whether these are the very same peers at the same ports.
  boolean isUntouched(Members other) {
    return other instanceof PeerPorts theirs && isOfOneShape(theirs) && changed(theirs).isEmpty();
  }

  @Override
  public Iterator<NftElement> elements() {
    return all.stream().flatMap(one -> one.elements(family)).iterator();
  }

  /// Costs what differs where one came from the other.
  @Override
  public Iterator<NftElement> without(Members other) {
    if (other instanceof PeerPorts theirs && isOfOneShape(theirs)) {
      return missingFrom(theirs);
    }
    Set<NftElement> written = new HashSet<>();
    elements().forEachRemaining(written::add);
    return new Listed(written).without(other);
  }

  /// Whether only peers can differ.
  private boolean isOfOneShape(PeerPorts other) {
    if (family != other.family || all.size() != other.all.size()) {
      return false;
    }
    for (int i = 0; i < all.size(); i++) {
      if (!all.get(i).ports().equals(other.all.get(i).ports())) {
        return false;
      }
    }
    return true;
  }

  /// Places at which peers may differ.
  @SuppressWarnings("ReferenceEquality") // the engine publishes a set anew only after a change
  private List<Integer> changed(PeerPorts other) {
    List<Integer> out = new ArrayList<>(2);
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).peers() != other.all.get(i).peers()) {
        out.add(i);
      }
    }
    return out;
  }

  /// A peer that moved from one place to another keeps the ports that both have.
  private Iterator<NftElement> missingFrom(PeerPorts other) {
    List<Integer> changed = changed(other);
    List<NftElement> out = new ArrayList<>();
    for (int at : changed) {
      Of mine = all.get(at);
      mine.peers()
          .missingFrom(other.all.get(at).peers())
          .forEachRemaining(peer -> {
            if (peer.family() == family) {
              Set<Bytes> known = other.portsOf(peer, changed);
              Bytes address = Bytes.of(peer);
              for (Bytes port : mine.ports()) {
                if (!known.contains(port)) {
                  out.add(NftElement.of(address.then(port)));
                }
              }
            }
          });
    }
    return out.iterator();
  }

  private Set<Bytes> portsOf(Address peer, List<Integer> places) {
    if (places.size() == 1) {
      return Set.of();
    }
    Set<Bytes> out = new HashSet<>();
    for (int at : places) {
      if (all.get(at).peers().contains(peer)) {
        out.addAll(all.get(at).ports());
      }
    }
    return out;
  }
}
