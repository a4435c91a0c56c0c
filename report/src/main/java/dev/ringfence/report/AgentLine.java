package dev.ringfence.report;

/// What the node agent says of each generation it applied.
///
/// @param generation starts at 1
/// @param compileMicros microseconds from changed state to the node's policy
/// @param kernelMicros microseconds of the transaction itself
/// @param unguarded local pods whose wire was not found
/// @param proof `equal`, `different` or `not-run`
/// @param boot one value for each run of the agent
public record AgentLine(
    long generation,
    String node,
    int localPods,
    int pods,
    int policies,
    long elementsAdded,
    long elementsDeleted,
    long compileMicros,
    long kernelMicros,
    int unguarded,
    String proof,
    String boot) {
  /// The same, proved.
  public AgentLine withProof(String result) {
    return new AgentLine(
        generation,
        node,
        localPods,
        pods,
        policies,
        elementsAdded,
        elementsDeleted,
        compileMicros,
        kernelMicros,
        unguarded,
        result,
        boot);
  }
}
