package dev.ringfence.core.compiled;

import dev.ringfence.core.compiled.NodePolicy.PeerSet;
import dev.ringfence.core.model.Address;
import java.util.HashSet;
import java.util.Set;

/// A peer set while it lives: its members as last published, and what changed since.
///
/// Published anew only after a change, so an untouched set stays the same object.
final class SharedSet {
  final String definition;
  private final Set<Address> added = new HashSet<>();
  private final Set<Address> removed = new HashSet<>();
  private PeerSet published;
  boolean filled;

  SharedSet(String definition, String meaning) {
    this.definition = definition;
    this.published = new PeerSet(Definition.id(definition), meaning, Set.of());
  }

  String id() {
    return published.id();
  }

  void add(Address address) {
    if (!published.members().contains(address)) {
      added.add(address);
    }
    removed.remove(address);
  }

  void remove(Address address) {
    if (published.members().contains(address)) {
      removed.add(address);
    }
    added.remove(address);
  }

  PeerSet publish() {
    if (!added.isEmpty() || !removed.isEmpty()) {
      Set<Address> members = new HashSet<>(published.members());
      members.removeAll(removed);
      members.addAll(added);
      published = new PeerSet(published.id(), published.meaning(), members);
      added.clear();
      removed.clear();
    }
    return published;
  }
}
