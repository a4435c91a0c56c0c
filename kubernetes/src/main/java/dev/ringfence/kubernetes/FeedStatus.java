package dev.ringfence.kubernetes;

import dev.ringfence.core.manifest.LiveKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// How it stands with one kind of objects.
///
/// @param objects how many are known
/// @param listedAt when all of them were seen last, by the wall clock and so for people only; empty
///   before the first list
/// @param heardAt when the server last said anything about them, as [System#nanoTime] counts; empty
///   before it did
/// @param trouble why it cannot be followed now; empty while it is
public record FeedStatus(
    LiveKind kind,
    int objects,
    Optional<Instant> listedAt,
    OptionalLong heardAt,
    Counts counts,
    Optional<String> trouble) {
  /// What has happened since the beginning.
  ///
  /// @param lists that came to their end
  /// @param watches that the server took
  /// @param events of objects, read from these; bookmarks are none
  public record Counts(long lists, long watches, long events) {
    static final Counts NOTHING = new Counts(0, 0, 0);
  }

  static FeedStatus unknown(LiveKind kind) {
    return new FeedStatus(
        kind, 0, Optional.empty(), OptionalLong.empty(), Counts.NOTHING, Optional.empty());
  }

  /// Whether all of them have been seen once.
  public boolean listed() {
    return listedAt.isPresent();
  }

  /// For how long the server has said nothing about them; empty before it ever did.
  public Optional<Duration> silence() {
    return heardAt.isEmpty()
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(System.nanoTime() - heardAt.getAsLong()));
  }

  FeedStatus listed(int objectsNow) {
    Counts now = new Counts(counts.lists + 1, counts.watches, counts.events);
    return heard(objectsNow, Optional.of(Instant.now()), now);
  }

  FeedStatus watching() {
    return heard(objects, listedAt, new Counts(counts.lists, counts.watches + 1, counts.events));
  }

  /// @param events that came
  FeedStatus heard(int events, int objectsNow) {
    Counts now = new Counts(counts.lists, counts.watches, counts.events + events);
    return heard(objectsNow, listedAt, now);
  }

  private FeedStatus heard(int objectsNow, Optional<Instant> lastList, Counts countsNow) {
    OptionalLong now = OptionalLong.of(System.nanoTime());
    return new FeedStatus(kind, objectsNow, lastList, now, countsNow, Optional.empty());
  }

  FeedStatus failed(String why) {
    return new FeedStatus(kind, objects, listedAt, heardAt, counts, Optional.of(why));
  }
}
