package dev.ringfence.benchmarks;

/// Traffic from one pod of a [Rig] to the other, over and over, counted.
interface Load extends AutoCloseable {
  /// How many of its units were done in so many milliseconds.
  long run(long millis);

  @Override
  void close();
}
