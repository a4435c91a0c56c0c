package dev.ringfence.cli;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// A [Progress] line whose words change while the work goes on.
interface Steps<T> {
  T call(Consumer<String> progress) throws Exception;

  /// Does work that says what it is doing.
  ///
  /// @param first what to say until it does
  static <T> T during(Console console, String first, Steps<T> work) throws Exception {
    var now = new AtomicReference<>(first);
    return Progress.during(console, now::get, () -> work.call(now::set));
  }
}
