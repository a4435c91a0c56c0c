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

  /// Of a member, the addresses it owns, in its own order; the same object until that changes.
  List<Address> ownedBy(Member member) {
    List<Address> owned = member.owned;
    if (owned == null) {
      owned = ownedNow(member);
      member.owned = owned;
    }
    return owned;
  }

  private List<Address> ownedNow(Member member) {
    List<Address> out = new ArrayList<>(member.addresses.size());
    for (Address address : member.addresses) {
      if (owners.get(address) == member) {
        out.add(address);
      }
    }
    return out.size() == member.addresses.size() ? member.addresses : List.copyOf(out);
  }

  void claim(Member member, Touched log) {
    for (Address address : member.addresses) {
      Member now = owners.get(address);
      if (now == null) {
        owners.put(address, member);
        log.moved(address, null, member);
      } else if (now != member) {
        boolean wins = Snapshot.OWNERSHIP.compare(member.pod, now.pod) < 0;
        losers.computeIfAbsent(address, a -> new ArrayList<>()).add(wins ? now : member);
        if (wins) {
          owners.put(address, member);
          log.moved(address, now, member);
        }
      }
    }
  }

  void release(Member member, Touched log) {
    for (Address address : member.addresses) {
      List<Member> others = losers.getOrDefault(address, List.of());
      if (owners.get(address) != member) {
        others.remove(member);
      } else if (others.isEmpty()) {
        owners.remove(address);
        log.moved(address, member, null);
      } else {
        Member next = best(others);
        others.remove(next);
        owners.put(address, next);
        log.moved(address, member, next);
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
