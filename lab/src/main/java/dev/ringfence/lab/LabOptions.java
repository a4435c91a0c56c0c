package dev.ringfence.lab;

import dev.ringfence.lab.netns.PodNetwork;
import dev.ringfence.nftables.table.DataplaneOptions;

/// What whoever starts a lab may choose.
///
/// @param tableOwner nobody else may edit the nodes' tables, where the kernel can do that
/// @param resyncSeconds how often they are read back and repaired; 0 for never
/// @param network how pods hang on their nodes
public record LabOptions(boolean tableOwner, int resyncSeconds, PodNetwork network) {
  public static final LabOptions STANDARD = new LabOptions(true, 30, PodNetwork.ROUTED);

  public LabOptions {
    if (resyncSeconds < 0) {
      throw new IllegalArgumentException("resync every " + resyncSeconds + " seconds");
    }
  }

  DataplaneOptions dataplane() {
    return DataplaneOptions.STANDARD.withTableOwner(tableOwner);
  }
}
