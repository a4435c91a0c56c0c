package dev.ringfence.lab.api.registry;

import tools.jackson.databind.node.ObjectNode;

/// What happened to an object.
///
/// @param object as it is now, or was last if it was deleted: never to be changed
public record ObjectEvent(Type type, ObjectNode object) {
  public enum Type {
    ADDED,
    MODIFIED,
    DELETED
  }
}
