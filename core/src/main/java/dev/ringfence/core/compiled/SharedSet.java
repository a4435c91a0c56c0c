package dev.ringfence.core.compiled;

import dev.ringfence.core.compiled.NodePolicy.PeerSet;
import dev.ringfence.core.model.Address;

/// A peer set while it lives.
///
/// Published anew only after a change, so an untouched set stays the same object.
final class SharedSet {
  final String definition;
  private AddressSet members = AddressSet.EMPTY;
  private PeerSet published;
  boolean filled;

  SharedSet(String definition, String meaning) {
    this.definition = definition;
    this.published = new PeerSet(Definition.id(definition), meaning, members);
  }

  String id() {
    return published.id();
  }

  void add(Address address) {
    members = members.with(address);
  }

  void remove(Address address) {
    members = members.without(address);
  }

  PeerSet publish() {
    if (!published.members().equals(members)) {
      published = new PeerSet(published.id(), published.meaning(), members);
    }
    return published;
  }
}
