package dev.ringfence.core.answer;

/// Who appears in a list.
///
/// @param nodes nodes and hostNetwork pods as well
/// @param hostNetworkAsPods hostNetwork pods are pods of their own, not their node (S101)
public record ConnectivityOptions(boolean nodes, boolean hostNetworkAsPods) {
  public static final ConnectivityOptions DEFAULT = new ConnectivityOptions(false, false);
}
