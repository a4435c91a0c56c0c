package dev.ringfence.core.compiled;

import java.util.BitSet;
import java.util.List;

/// Peers that the selectors and port names of one group cannot tell apart.
///
/// @param terms the terms that match by labels
/// @param ports of each term, names resolved
/// @param atMost of each term; differs from `ports` only for unknown pods
record PeerClass(BitSet terms, List<PortSet> ports, List<PortSet> atMost) {}
