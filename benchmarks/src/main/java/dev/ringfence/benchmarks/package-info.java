/// Measurements: JMH for the engine, real connections for the kernel; see docs/benchmarks.md.
@NullMarked
package dev.ringfence.benchmarks;

import org.jspecify.annotations.NullMarked;
