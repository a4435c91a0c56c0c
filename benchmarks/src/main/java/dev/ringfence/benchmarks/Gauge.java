package dev.ringfence.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/// What the calling thread used up since a moment: time on the wall and on a processor, and memory
/// asked for.
final class Gauge {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final long wall = System.nanoTime();
  private final long cpu = THREADS.getCurrentThreadCpuTime();
  private final long allocated = THREADS.getCurrentThreadAllocatedBytes();

  double wallMicros() {
    return (System.nanoTime() - wall) / 1e3;
  }

  double cpuMicros() {
    return (THREADS.getCurrentThreadCpuTime() - cpu) / 1e3;
  }

  long bytes() {
    return THREADS.getCurrentThreadAllocatedBytes() - allocated;
  }

  /// MiB of the heap in use after collecting garbage.
  static double heap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1048576.0;
  }
}
