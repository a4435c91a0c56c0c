package dev.ringfence.core.compiled;

import dev.ringfence.core.model.Address;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What happened to pods and addresses since the engine last looked, if it cares at all.
final class Touched {
  private final boolean wanted;

  /// Of each address that changed hands, who had it when the engine last looked.
  final Map<Address, Optional<Member>> before = new HashMap<>();

  /// Who came, went, or owns other addresses now.
  final Set<Member> members = new HashSet<>();

  Touched(boolean wanted) {
    this.wanted = wanted;
  }

  void cameOrWent(Member member) {
    if (wanted) {
      members.add(member);
    }
  }

  void moved(Address address, @Nullable Member from, @Nullable Member to) {
    owning(from);
    owning(to);
    if (wanted) {
      before.putIfAbsent(address, Optional.ofNullable(from));
    }
  }

  private void owning(@Nullable Member member) {
    if (member != null) {
      member.owned = null;
      cameOrWent(member);
    }
  }
}
