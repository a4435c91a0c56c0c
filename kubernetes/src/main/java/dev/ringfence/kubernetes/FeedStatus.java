package dev.ringfence.kubernetes;

import dev.ringfence.core.manifest.LiveKind;
import java.time.Instant;
import java.util.Optional;

/// How it stands with one kind of objects.
///
/// @param listed whether all of them have been seen once
/// @param objects how many are known
/// @param heard when the server last said anything about them
/// @param trouble why it cannot be followed now; empty while it is
public record FeedStatus(
    LiveKind kind, boolean listed, int objects, Optional<Instant> heard, Optional<String> trouble) {
  static FeedStatus unknown(LiveKind kind) {
    return new FeedStatus(kind, false, 0, Optional.empty(), Optional.empty());
  }

  FeedStatus heard(Instant now, boolean listedNow, int objectsNow) {
    return new FeedStatus(
        kind, listed || listedNow, objectsNow, Optional.of(now), Optional.empty());
  }

  FeedStatus failed(String why) {
    return new FeedStatus(kind, listed, objects, heard, Optional.of(why));
  }
}
