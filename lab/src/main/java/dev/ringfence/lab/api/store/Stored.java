package dev.ringfence.lab.api.store;

import tools.jackson.databind.node.ObjectNode;

/// An object as it was written last.
///
/// @param revision of that write
/// @param object shared by all who read it: never to be changed
public record Stored(Key key, long revision, ObjectNode object) {}
