package dev.ringfence.core.manifest;

/// A key that stands twice in one mapping (S137, S176); the tree keeps the later one.
///
/// @param path of the key, from the object's root: `spec.podSelector.matchLabels.app`
/// @param line of the second one, counting from 1
record Duplicate(String path, String key, int line, int column, int firstLine) {}
