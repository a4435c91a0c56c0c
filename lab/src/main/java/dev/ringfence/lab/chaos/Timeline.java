package dev.ringfence.lab.chaos;

import dev.ringfence.core.model.Address;
import dev.ringfence.lab.chaos.Streams.Verdicts;
import dev.ringfence.lab.scenario.Probe;
import dev.ringfence.lab.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What was in force when. Between the beginning of a change and its end either state is right.
///
/// Times are those of [System#nanoTime]. A change is entered before it begins, so whoever looks
/// back later than the end of a stretch of time finds all that was in force during it.
final class Timeline {
  private final Streams streams;
  private final List<State> states = new ArrayList<>();

  Timeline(Streams streams, Scenario first) {
    this.streams = streams;
    states.add(
        new State(0, "nothing has changed yet", first, streams.verdicts(first), Set.of(), null));
  }

  /// One state of the cluster; its number is how many changes led to it.
  static final class State {
    final int number;
    final String change;
    final Scenario scenario;
    final Verdicts verdicts;
    private final Set<Address> rewired;
    private final @Nullable State before;
    private final long begun = System.nanoTime();
    private long settled = Long.MAX_VALUE;

    State(
        int number,
        String change,
        Scenario scenario,
        Verdicts verdicts,
        Set<Address> rewired,
        @Nullable State before) {
      this.number = number;
      this.change = change;
      this.scenario = scenario;
      this.verdicts = verdicts;
      this.rewired = rewired;
      this.before = before;
    }
  }

  /// A change begins now.
  ///
  /// @param verdicts of what it leads to
  void begin(Change change, Verdicts verdicts) {
    synchronized (states) {
      State last = states.getLast();
      states.add(
          new State(
              last.number + 1, change.what(), change.after(), verdicts, change.rewired(), last));
    }
  }

  /// The last change is in force; answers how long it took, in nanoseconds.
  long settle() {
    synchronized (states) {
      State last = states.getLast();
      last.settled = System.nanoTime();
      return last.settled - last.begun;
    }
  }

  /// All that may have been in force at some time from `from` to `to`, in order.
  List<State> during(long from, long to) {
    synchronized (states) {
      List<State> out = new ArrayList<>();
      State next = null;
      for (State state : states.reversed()) {
        if (next != null && next.settled - from < 0) {
          break; // it had given way before
        }
        if (state.before == null || state.begun - to <= 0) {
          out.addFirst(state);
        }
        next = state;
      }
      return out;
    }
  }

  /// Whether a packet of this stream may have passed.
  boolean mayPass(int stream, List<State> during) {
    return streams.onOneNode(stream)
        ? during.stream().anyMatch(state -> state.verdicts.allowed(stream))
        : during.stream().anyMatch(state -> state.verdicts.out().get(stream))
            && during.stream().anyMatch(state -> state.verdicts.in().get(stream));
  }

  /// Whether a packet of this stream may have been lost, if it was under way from `from` to `to`.
  boolean mayBeLost(int stream, List<State> during, long from, long to) {
    return during.stream().anyMatch(state -> !state.verdicts.allowed(stream))
        || wasRewired(streams.get(stream), from, to);
  }

  /// Whether an end of it was taken away and made anew in this time.
  private boolean wasRewired(Probe probe, long from, long to) {
    synchronized (states) {
      return states.stream()
          .filter(
              state -> state.before != null && state.begun - to <= 0 && state.settled - from >= 0)
          .anyMatch(state ->
              state.rewired.contains(probe.fromAddress())
                  || state.rewired.contains(probe.toAddress()));
    }
  }
}
