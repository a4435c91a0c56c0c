package dev.ringfence.core.compiled;

import dev.ringfence.core.compiled.NodePolicy.PeerSet;
import dev.ringfence.core.model.Address;
import java.util.Collection;
import java.util.Set;

/// A peer set while it lives.
///
/// Published anew only after a change, so an untouched set stays the same object.
final class SharedSet {
  final String definition;
  private final Set<SharedSet> changed;
  private AddressSet members = AddressSet.EMPTY;
  private PeerSet published;
  boolean filled;

  /// How many tables know of it.
  int users;

  /// How many of them keep its members up.
  int holders;

  /// @param changed where to say that members changed
  SharedSet(String definition, String meaning, Set<SharedSet> changed) {
    this.definition = definition;
    this.changed = changed;
    this.published = new PeerSet(Definition.id(definition), meaning, members);
  }

  String id() {
    return published.id();
  }

  int size() {
    return members.size();
  }

  void add(Address address) {
    become(members.with(address));
  }

  void remove(Address address) {
    become(members.without(address));
  }

  /// @param all each once
  void fill(Collection<Address> all) {
    become(AddressSet.ofDistinct(all.toArray(new Address[0])));
    filled = true;
  }

  /// One of its holders does not keep it up any more; after the last nothing is left of it.
  void letGo() {
    holders--;
    if (holders == 0) {
      members = AddressSet.EMPTY;
      published = new PeerSet(published.id(), published.meaning(), members);
      filled = false;
    }
  }

  private void become(AddressSet next) {
    if (!members.equals(next)) {
      members = next;
      changed.add(this);
    }
  }

  PeerSet publish() {
    if (!published.members().equals(members)) {
      published = new PeerSet(published.id(), published.meaning(), members);
    }
    return published;
  }
}
