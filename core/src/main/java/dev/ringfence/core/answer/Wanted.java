package dev.ringfence.core.answer;

import dev.ringfence.core.answer.Connection.Where;
import dev.ringfence.core.compiled.PortSet;
import java.util.List;
import java.util.function.Predicate;

/// Which connections are listed; what is listed of one never depends on it.
///
/// @param from whether an end may open
/// @param to whether an end may accept
/// @param touching of each, one of the two ends has to be there
/// @param ports of what is open
/// @param self whether a workload's pods among themselves are listed
public record Wanted(
    Predicate<Where> from,
    Predicate<Where> to,
    List<Predicate<Where>> touching,
    Predicate<PortSet> ports,
    boolean self) {
  public static final Wanted EVERYTHING =
      new Wanted(end -> true, end -> true, List.of(), ports -> true, false);

  public Wanted {
    touching = List.copyOf(touching);
  }
}
