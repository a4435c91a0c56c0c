package dev.ringfence.agent;

import dev.ringfence.core.compiled.MemberBudget;
import dev.ringfence.nftables.table.DataplaneOptions;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// What an administrator may choose of an agent that stays.
///
/// @param table of the table
/// @param budget how many members the node's peer sets may have
/// @param resync how often the kernel is read back and repaired; zero for never
/// @param proof how often the table is proved; zero for on demand only
/// @param socket where it may be asked; empty for a place of the agent's own choice
/// @param asked whether it may be asked at all
/// @param metrics where it serves metrics and health; a loopback address
/// @param version what it says it is
public record AgentOptions(
    DataplaneOptions table,
    MemberBudget budget,
    Duration resync,
    Duration proof,
    Optional<Path> socket,
    boolean asked,
    Optional<InetSocketAddress> metrics,
    String version) {
  /// Nobody may ask, nothing is done but at changes.
  public static final AgentOptions QUIET =
      new AgentOptions(
          DataplaneOptions.STANDARD,
          MemberBudget.STANDARD,
          Duration.ZERO,
          Duration.ZERO,
          Optional.empty(),
          false,
          Optional.empty(),
          "");

  public AgentOptions {
    if (metrics.isPresent() && !isLoopback(metrics.get())) {
      throw new IllegalArgumentException("not a loopback address: " + metrics.get());
    }
  }

  private static boolean isLoopback(InetSocketAddress at) {
    return !at.isUnresolved() && at.getAddress().isLoopbackAddress();
  }

  public AgentOptions with(DataplaneOptions others) {
    return new AgentOptions(others, budget, resync, proof, socket, asked, metrics, version);
  }

  public AgentOptions with(MemberBudget other) {
    return new AgentOptions(table, other, resync, proof, socket, asked, metrics, version);
  }

  public AgentOptions withResync(Duration every) {
    return new AgentOptions(table, budget, every, proof, socket, asked, metrics, version);
  }
}
