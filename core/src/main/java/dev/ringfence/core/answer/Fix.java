package dev.ringfence.core.answer;

import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.Tier;
import java.util.List;
import java.util.OptionalInt;

/// What makes one side allow what it denies, opening as little else as can be.
public sealed interface Fix {
  /// One more NetworkPolicy. It takes nothing away: every pod it selects is isolated already.
  ///
  /// @param further what else it opens
  record Add(NetworkPolicy policy, List<Further> further) implements Fix {
    public Add {
      further = List.copyOf(further);
    }
  }

  /// A cluster-wide policy denies, and no NetworkPolicy is asked.
  record Beyond(Tier tier, String policy, OptionalInt rule) implements Fix {}

  /// Nobody knows the address of the other end, so no rule can name it.
  record Nameless() implements Fix {}

  /// A pair that a fix opens besides the one that was asked about.
  ///
  /// @param subject whose side opens
  /// @param other the other end
  /// @param ports those that were closed before
  record Further(Party subject, Connection.Where other, PortSet ports) {}
}
