package dev.ringfence.kubernetes;

/// What an agent says of itself to the cluster.
///
/// @param boot one value for each run
/// @param generation of the table in force; 0 for none
/// @param policies the resource version up to which every NetworkPolicy is in force; empty for none
/// @param trouble why the node needs a person, one sentence; empty where it does not
/// @param version of the agent
public record NodeReport(
    String node, String boot, long generation, String policies, String trouble, String version) {}
