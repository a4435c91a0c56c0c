package dev.ringfence.nftables.proof;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.NodePolicy.LocalPod;
import dev.ringfence.core.model.Address;
import dev.ringfence.nftables.netlink.NftChain.Hook;
import dev.ringfence.nftables.route.Wire;
import dev.ringfence.nftables.table.ChainContent;
import dev.ringfence.nftables.table.TableContent;
import dev.ringfence.nftables.table.Wires;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Compares the guards of all wires with what a pod may send and what may be delivered to it.
final class GuardProof {
  private final TableContent table;
  private final Findings findings;
  private final boolean deliveries;
  private final Map<String, Behind> wires = new TreeMap<>();

  /// The pods behind one wire.
  private record Behind(Wire wire, List<LocalPod> pods) {
    TreeSet<Address> addresses() {
      TreeSet<Address> out = new TreeSet<>();
      pods.forEach(pod -> out.addAll(pod.addresses()));
      return out;
    }

    boolean isJudgedOnDelivery() {
      return wire.bridged() && pods.stream().anyMatch(pod -> pod.ingress().isPresent());
    }
  }

  GuardProof(TableContent table, NodePolicy policy, Wires of, Findings findings) {
    this.table = table;
    this.findings = findings;
    this.deliveries = of.deliveries();
    for (LocalPod pod : policy.pods()) {
      Wire wire = of.byPod().get(pod.name());
      if (wire != null) {
        wires
            .computeIfAbsent(wire.interfaceName(), n -> new Behind(wire, new ArrayList<>()))
            .pods()
            .add(pod);
      }
    }
  }

  void run() {
    TreeSet<String> devices = new TreeSet<>(wires.keySet());
    table
        .chains()
        .values()
        .forEach(chain -> chain.chain().base().ifPresent(base -> devices.addAll(base.devices())));
    for (String device : devices) {
      compare(device, true);
      compare(device, false);
    }
  }

  private void compare(String device, boolean fromPod) {
    FrameTraffic traffic = new FrameTraffic(device, fromPod);
    Reading reading = reading(device, fromPod, traffic);
    Hook hook = fromPod ? Hook.INGRESS : Hook.EGRESS;
    List<ChainContent> bases =
        Program.bases(table, base -> base.hook() == hook && base.devices().contains(device));
    Program program = new Program(traffic, table, bases);
    traffic.space().settle();
    Walk walk = new Walk(program, traffic, findings.against(reading, traffic));
    traffic.everything().forEach(region -> walk.run(bases, region));
  }

  private Reading reading(String device, boolean fromPod, FrameTraffic traffic) {
    Behind behind = wires.get(device);
    if (behind == null) {
      return Reading.open("no pod is behind this wire");
    }
    if (fromPod) {
      return new GuardReading(traffic, behind.wire(), behind.addresses());
    }
    return deliveries && behind.isJudgedOnDelivery()
        ? new DeliveryReading(traffic, behind.addresses())
        : Reading.open("what is delivered to this pod is not looked at");
  }
}
