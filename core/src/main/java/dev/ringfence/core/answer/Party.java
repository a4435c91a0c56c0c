package dev.ringfence.core.answer;

/// An end as a list shows it: a workload, one pod, or a node.
///
/// @param id `namespace/kind/name` or `node/name` (formats.md)
/// @param namespace empty for a node
/// @param kind as the API spells it
/// @param replicas pods it stands for; 1 for a node
public record Party(String id, String namespace, String kind, String name, int replicas) {}
