package dev.ringfence.nftables.table;

/// What one transaction did.
///
/// @param unguarded local pods whose wire is unknown or gone
public record Applied(long elementsAdded, long elementsDeleted, long kernelMicros, int unguarded) {}
