package dev.ringfence.nftables.proof;

import dev.ringfence.core.model.Address;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.KeyType;
import dev.ringfence.nftables.netlink.NftElement;
import dev.ringfence.nftables.table.SetContent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The keys of a plain set with several fields, as a tree: values of the first field that lead to
/// the same rest are one branch.
///
/// @param branches no value is in two of them; nothing where the key ends
record JoinedKeys(List<Branch> branches) {
  private static final JoinedKeys END = new JoinedKeys(List.of());

  /// Values of one field, and what may follow each of them.
  ///
  /// @param addresses the values, where the field is an address: one object for all who ask
  record Branch(Set<Bytes> values, Set<Address> addresses, JoinedKeys rest) {
    private static Branch of(KeyType field, Set<Bytes> values, JoinedKeys rest) {
      Set<Address> addresses = new HashSet<>();
      if (field == KeyType.IPV4 || field == KeyType.IPV6) {
        values.forEach(one -> addresses.add(Address.ofBytes(one.toArray())));
      }
      return new Branch(values, addresses, rest);
    }

    /// Those of the values that are in the domain.
    Part in(Domain domain) {
      return domain.isOfAddresses() && !addresses.isEmpty()
          ? domain.among(addresses)
          : domain.in(values.stream().sorted().map(Range::only).toList());
    }
  }

  /// The sets of one table, each read once.
  static final class All {
    private final IdentityHashMap<SetContent, Optional<JoinedKeys>> known = new IdentityHashMap<>();

    /// Empty for a set of another kind.
    Optional<JoinedKeys> of(SetContent set) {
      return known.computeIfAbsent(set, JoinedKeys::of);
    }
  }

  private static Optional<JoinedKeys> of(SetContent set) {
    if (set.set().interval() || set.set().data().isPresent()) {
      return Optional.empty();
    }
    List<Bytes> keys = new ArrayList<>();
    set.members().elements().forEachRemaining((NftElement one) -> keys.add(one.key()));
    return Optional.of(of(keys, set.set().key()));
  }

  private static JoinedKeys of(List<Bytes> keys, List<KeyType> fields) {
    if (fields.isEmpty()) {
      return END;
    }
    KeyType field = fields.getFirst();
    Map<Bytes, Set<Bytes>> restOf = new LinkedHashMap<>();
    for (Bytes key : keys) {
      if (isPadded(key, field)) {
        restOf
            .computeIfAbsent(key.slice(0, field.length()), v -> new HashSet<>())
            .add(key.slice(field.paddedLength(), key.length()));
      }
    }
    Map<Set<Bytes>, Set<Bytes>> byRest = new HashMap<>();
    restOf.forEach((value, rest) -> byRest.computeIfAbsent(rest, r -> new HashSet<>()).add(value));
    List<Branch> out = new ArrayList<>();
    List<KeyType> others = fields.subList(1, fields.size());
    byRest.forEach(
        (rest, values) -> out.add(Branch.of(field, values, of(List.copyOf(rest), others))));
    return new JoinedKeys(out);
  }

  /// What a rule looks up has zeros after each field, so other keys are never found.
  private static boolean isPadded(Bytes key, KeyType field) {
    for (int i = field.length(); i < field.paddedLength(); i++) {
      if (key.at(i) != 0) {
        return false;
      }
    }
    return true;
  }

  /// Whether it holds a key that goes on like this.
  Optional<JoinedKeys> after(Bytes value) {
    return branches.stream()
        .filter(one -> one.values().contains(value))
        .map(Branch::rest)
        .findFirst();
  }
}
