package dev.ringfence.e2e.catalogue;

import java.util.Map;
import java.util.Optional;

/// The cases that no packet can show, and why. Core's `CatalogueTest` asks `check` about them.
final class NotForPackets {
  private static final String REFUSED =
      "the server refuses the policy, so there is none to enforce";

  private static final Map<Integer, String> REASONS =
      Map.ofEntries(
          Map.entry(160, REFUSED),
          Map.entry(161, REFUSED),
          Map.entry(162, REFUSED),
          Map.entry(163, REFUSED),
          Map.entry(164, REFUSED),
          Map.entry(165, REFUSED),
          Map.entry(166, REFUSED),
          Map.entry(167, REFUSED),
          Map.entry(168, REFUSED),
          Map.entry(169, REFUSED),
          Map.entry(171, REFUSED),
          Map.entry(173, REFUSED),
          Map.entry(174, REFUSED),
          Map.entry(175, REFUSED),
          Map.entry(
              176, "we refuse to enforce what is left of a policy with a dropped field (S142)"),
          Map.entry(178, "we refuse to enforce one of two readings (S176)"));

  private NotForPackets() {}

  static Optional<String> reason(int number) {
    return Optional.ofNullable(REASONS.get(number));
  }
}
