package dev.ringfence.core.worlds;

import java.util.stream.LongStream;

/// Which worlds a law is tried on: `-Dseed=117` that one alone, else `-Dringfence.seeds=N` of them.
public final class Seeds {
  private Seeds() {}

  /// The seeds to try: so many, where nothing is said.
  public static LongStream some(int byDefault) {
    Long one = Long.getLong("seed");
    return one != null
        ? LongStream.of(one)
        : LongStream.range(
            Long.getLong("ringfence.from", 0),
            Long.getLong("ringfence.from", 0) + Integer.getInteger("ringfence.seeds", byDefault));
  }
}
