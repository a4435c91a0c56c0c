package dev.ringfence.lab;

import dev.ringfence.lab.netns.PodNetwork;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.nftables.table.Established;

/// What whoever starts a lab may choose.
///
/// @param tableOwner nobody else may edit the nodes' tables, where the kernel can do that
/// @param resyncSeconds how often they are read back and repaired; 0 for never
/// @param network how pods hang on their nodes
/// @param keptMark bits of a connection's mark that say it was accepted and stays; 0 where
///   connections that a change denies are cut
public record LabOptions(boolean tableOwner, int resyncSeconds, PodNetwork network, int keptMark) {
  public static final LabOptions STANDARD = new LabOptions(true, 30, PodNetwork.ROUTED);

  /// With connections that are cut by a change.
  public LabOptions(boolean tableOwner, int resyncSeconds, PodNetwork network) {
    this(tableOwner, resyncSeconds, network, 0);
  }

  public LabOptions {
    if (resyncSeconds < 0) {
      throw new IllegalArgumentException("resync every " + resyncSeconds + " seconds");
    }
  }

  /// With another word on connections that a change denies.
  public LabOptions with(Established established) {
    int mark = established instanceof Established.Keep(var bits) ? bits : 0;
    return new LabOptions(tableOwner, resyncSeconds, network, mark);
  }

  DataplaneOptions dataplane() {
    return DataplaneOptions.STANDARD
        .withTableOwner(tableOwner)
        .with(keptMark == 0 ? Established.CUT : new Established.Keep(keptMark));
  }
}
