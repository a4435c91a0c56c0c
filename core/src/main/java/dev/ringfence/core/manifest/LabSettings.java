package dev.ringfence.core.manifest;

/// What the `Lab` document asks for.
///
/// @param nodes how many nodes to make where the input defines none
public record LabSettings(String name, int nodes) {
  public static final int DEFAULT_NODES = 2;
}
