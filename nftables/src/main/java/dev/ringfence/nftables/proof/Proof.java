package dev.ringfence.nftables.proof;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.NftChain;
import dev.ringfence.nftables.netlink.NftChain.Hook;
import dev.ringfence.nftables.table.ChainContent;
import dev.ringfence.nftables.table.DataplaneOptions;
import dev.ringfence.nftables.table.Established;
import dev.ringfence.nftables.table.NodeTable;
import dev.ringfence.nftables.table.SetContent;
import dev.ringfence.nftables.table.TableContent;
import dev.ringfence.nftables.table.Wires;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Compares the tables of a node with its policy, for every packet there can be.
public final class Proof {
  /// DNAT of the node's own packets, and IPVS at the input hook, come at these priorities.
  private static final int OUTPUT_DNAT = -100;

  private static final int INPUT_IPVS = 99;

  private final NodeTable table;
  private final NodePolicy policy;
  private final DataplaneOptions options;
  private final Findings findings = new Findings();
  private int classes;
  private int intervals;

  private Proof(NodeTable table, NodePolicy policy, DataplaneOptions options) {
    this.table = table;
    this.policy = policy;
    this.options = options;
  }

  /// Runs the tables on all packets, and holds what they do against the policy and the guards'
  /// rules.
  ///
  /// @param readBack as the kernel has them
  /// @param options those the tables were made with
  public static ProofReport of(
      NodeTable readBack, NodePolicy policy, Wires wires, DataplaneOptions options) {
    long start = System.nanoTime();
    Proof proof = new Proof(readBack, policy, options);
    for (Family family : Family.values()) {
      proof.family(family);
    }
    new GuardProof(readBack.guard(), policy, wires, proof.findings).run();
    long millis = (System.nanoTime() - start) / 1_000_000;
    return proof.findings.report(policy.groups().size(), proof.classes, proof.intervals, millis);
  }

  /// One hook, ready to be walked.
  private record AtHook(
      InetTraffic traffic, PolicyReading reading, Program program, List<ChainContent> bases) {}

  private void family(Family family) {
    Domain addresses = Domain.ofAddresses(family);
    Domain ports = Domain.ofBytes(2);
    List<AtHook> all = new ArrayList<>();
    for (Hook hook : hooks(table.policy())) {
      InetTraffic traffic = new InetTraffic(family, hook, addresses, ports, accepted());
      List<ChainContent> bases = Program.bases(table.policy(), base -> base.hook() == hook);
      all.add(
          new AtHook(
              traffic,
              new PolicyReading(policy, traffic, options, anew()),
              new Program(traffic, table.policy(), bases),
              bases));
    }
    all.forEach(one -> one.traffic().space().settle());
    classes += addresses.count();
    intervals += ports.count();
    for (AtHook one : all) {
      one.bases().forEach(this::check);
      Walk walk =
          new Walk(one.program(), one.traffic(), findings.against(one.reading(), one.traffic()));
      one.traffic().everything().forEach(region -> walk.run(one.bases(), region));
    }
  }

  private Optional<Bytes> accepted() {
    return options.established() instanceof Established.Keep(var mark)
        ? Optional.of(Bytes.ofNativeInt(mark))
        : Optional.empty();
  }

  /// Whose connections are judged anew: that is for the table to say, no policy tells.
  private Set<Address> anew() {
    Set<Address> out = new HashSet<>();
    for (Family family : Family.values()) {
      SetContent set = table.policy().sets().get(Established.judgedAnew(family));
      if (set != null) {
        SetReading.addresses(set).ifPresent(out::addAll);
      }
    }
    return out;
  }

  /// Those that are judged, and those that a chain of the table hooks into.
  private static Set<Hook> hooks(TableContent table) {
    Set<Hook> out = EnumSet.of(Hook.FORWARD, Hook.INPUT, Hook.OUTPUT);
    table
        .chains()
        .values()
        .forEach(chain -> chain.chain().base().ifPresent(base -> out.add(base.hook())));
    return out;
  }

  /// What a chain must be like for its rules to mean what we take them for.
  private void check(ChainContent chain) {
    NftChain.Base base = chain.chain().base().orElseThrow();
    if (base.type() != NftChain.Type.FILTER) {
      findings.unproved("chain " + chain.chain().name() + " is of type " + base.type());
    }
    boolean early =
        (base.hook() == Hook.OUTPUT && base.priority() <= OUTPUT_DNAT)
            || (base.hook() == Hook.INPUT && base.priority() <= INPUT_IPVS);
    if (early && !chain.rules().isEmpty()) {
      findings.unproved(
          "chain %s comes before destinations are known, at priority %d"
              .formatted(chain.chain().name(), base.priority()));
    }
  }
}
