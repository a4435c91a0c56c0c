package dev.ringfence.lab.api.store;

import java.util.Optional;

/// One write. At least one of both sides is there.
///
/// @param before empty if it was created
/// @param after empty if it was deleted
public record Change(long revision, Key key, Optional<Stored> before, Optional<Stored> after) {}
