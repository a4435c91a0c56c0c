package dev.ringfence.core.answer;

import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.model.Family;
import java.util.List;

/// What may pass between two ends.
///
/// @param ports never none
/// @param families those it is about; empty where all that both ends have agree
public record Opening(PortSet ports, List<Family> families) {
  public Opening {
    families = List.copyOf(families);
  }
}
