package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.AddressSet;
import dev.ringfence.core.model.Address;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// How long addresses have been judged anew, and when that may end.
final class Settling {
  /// Longer than any packet takes through the rules.
  private static final long UNDER_WAY = Duration.ofSeconds(1).toNanos();

  /// At most a twentieth of the time goes into walking the kernel's connections.
  private static final int PAUSE = 20;

  private final Map<Address, Long> since = new HashMap<>();

  /// Of those that were found at the start.
  private final long opened = System.nanoTime();

  private long next = opened;

  /// Waits until no packet is under way that began before, whoever interrupts.
  static void awaitThoseUnderWay() {
    long end = System.nanoTime() + UNDER_WAY;
    for (long left = UNDER_WAY; left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /// @param anew those that are judged anew
  /// @param moved those that have just changed hands, again or for the first time
  void began(AddressSet anew, Collection<Address> moved) {
    long now = System.nanoTime();
    since.keySet().retainAll(anew);
    for (Address address : moved) {
      if (anew.contains(address)) {
        since.put(address, now);
      }
    }
  }

  /// Those of them that have been so long enough; none if it is too soon to ask.
  AddressSet due(AddressSet anew) {
    long now = System.nanoTime();
    if (anew.isEmpty() || now - next < 0) {
      return AddressSet.EMPTY;
    }
    return AddressSet.of(
        anew.stream()
            .filter(address -> now - since.getOrDefault(address, opened) >= UNDER_WAY)
            .toList());
  }

  /// @param began when seeing to them began
  void ended(AddressSet settled, long began) {
    settled.forEach(since::remove);
    long now = System.nanoTime();
    next = now + PAUSE * (now - began);
  }
}
