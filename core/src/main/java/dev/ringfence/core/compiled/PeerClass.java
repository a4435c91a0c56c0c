package dev.ringfence.core.compiled;

import java.util.BitSet;
import java.util.List;

/// Peers that the selectors and port names of one group cannot tell apart.
///
/// @param terms the terms that match by labels
/// @param ports of each term, names resolved
record PeerClass(BitSet terms, List<PortSet> ports) {}
