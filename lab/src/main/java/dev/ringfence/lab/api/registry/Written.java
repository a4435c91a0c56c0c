package dev.ringfence.lab.api.registry;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// An object as it is kept now, or would be after a dry run: never to be changed.
///
/// @param created whether it is new
/// @param warnings of what was accepted; those about its fields are the [Body]'s
public record Written(ObjectNode object, boolean created, List<String> warnings) {
  public Written {
    warnings = List.copyOf(warnings);
  }
}
