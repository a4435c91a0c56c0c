package dev.ringfence.lab.api;

/// How the endpoint is served.
///
/// @param name of the cluster and the context in the kubeconfig
/// @param port on 127.0.0.1; 0 takes the one of last time if it is free, or any
/// @param remembered how many changes a watch can go back, and a list be continued over
public record ApiOptions(String name, int port, int remembered) {
  public static final ApiOptions DEFAULT = new ApiOptions("ringfence-lab", 0, 10_000);
}
