package dev.ringfence.core.compiled;

import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.Address;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which pod owns each address (S115 to S117). Almost every address has one claimant.
final class Claims {
  private final Map<Address, Member> owners = new HashMap<>();
  private final Map<Address, List<Member>> losers = new HashMap<>();

  @Nullable Member owner(Address address) {
    return owners.get(address);
  }

  /// Of a member, the addresses it owns, in its own order.
  List<Address> ownedBy(Member member) {
    List<Address> out = new ArrayList<>();
    for (Address address : member.addresses) {
      if (owners.get(address) == member) {
        out.add(address);
      }
    }
    return out;
  }

  void claim(Member member) {
    for (Address address : member.addresses) {
      Member now = owners.get(address);
      if (now == null) {
        owners.put(address, member);
      } else if (now != member) {
        boolean wins = Snapshot.OWNERSHIP.compare(member.pod, now.pod) < 0;
        owners.put(address, wins ? member : now);
        losers.computeIfAbsent(address, a -> new ArrayList<>()).add(wins ? now : member);
      }
    }
  }

  void release(Member member) {
    for (Address address : member.addresses) {
      List<Member> others = losers.getOrDefault(address, List.of());
      if (owners.get(address) != member) {
        others.remove(member);
      } else if (others.isEmpty()) {
        owners.remove(address);
      } else {
        Member next = best(others);
        others.remove(next);
        owners.put(address, next);
      }
      if (others.isEmpty()) {
        losers.remove(address);
      }
    }
  }

  private static Member best(List<Member> members) {
    Member best = members.getFirst();
    for (Member member : members) {
      best = Snapshot.OWNERSHIP.compare(member.pod, best.pod) < 0 ? member : best;
    }
    return best;
  }
}
