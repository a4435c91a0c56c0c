package dev.ringfence.core.compiled;

import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.model.Address;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Keeps up who has which address, from what changed hands in each generation.
final class OwnerLog {
  private static final int LENGTH = 16;

  private final MessageDigest digest = sha256();
  private Owners now = Owners.NOBODY;

  /// @param before of each address that was claimed or released, who had it
  void take(Map<Address, Optional<Member>> before, Claims claims) {
    AddressSet all = now.all();
    Map<Address, Optional<Address>> moved = new HashMap<>();
    for (Map.Entry<Address, Optional<Member>> one : before.entrySet()) {
      Address address = one.getKey();
      Optional<Address> was = one.getValue().map(member -> number(address, member.pod));
      Optional<Address> is =
          Optional.ofNullable(claims.owner(address)).map(member -> number(address, member.pod));
      if (!was.equals(is)) {
        all = was.isPresent() ? all.without(was.get()) : all;
        all = is.isPresent() ? all.with(is.get()) : all;
        moved.put(address, is);
      }
    }
    now = new Owners(all, moved);
  }

  /// The same for whoever asks, now or after a restart.
  private Address number(Address address, Pod owner) {
    digest.update(address.bytes());
    digest.update((owner.name() + " " + owner.uid()).getBytes(StandardCharsets.UTF_8));
    return Address.ofBytes(Arrays.copyOf(digest.digest(), LENGTH));
  }

  Owners now() {
    return now;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
