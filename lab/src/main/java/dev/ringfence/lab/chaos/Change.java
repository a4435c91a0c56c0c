package dev.ringfence.lab.chaos;

import dev.ringfence.core.model.Address;
import dev.ringfence.lab.scenario.Scenario;
import java.util.Set;

/// One change of a scenario.
///
/// @param what happened, in words that go on after "change 7: "
/// @param after what is so afterwards
/// @param rewired addresses of pods that are taken away and made anew: what is sent to or from them
///   meanwhile may be lost
record Change(String what, Scenario after, Set<Address> rewired) {
  Change {
    rewired = Set.copyOf(rewired);
  }

  Change(String what, Scenario after) {
    this(what, after, Set.of());
  }
}
