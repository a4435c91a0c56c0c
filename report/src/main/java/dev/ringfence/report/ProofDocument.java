package dev.ringfence.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What came of comparing a node's table in the kernel with its policies, for every packet there
/// can be.
///
/// @param generation that it was about; 0 where no agent counts them
/// @param result `equal`, or `different`: also where something could not be interpreted
/// @param at UTC, as RFC 3339 writes it
/// @param groups of local pods to which the same rules apply in one direction
/// @param classes of addresses that neither side tells apart, both families together
/// @param intervals of ports, likewise
/// @param regions sets of packets on which both sides were compared
/// @param differing how many of them differ
/// @param differences one example for each rule and reason, not more than some fifty
/// @param unproved what in the table could not be interpreted
public record ProofDocument(
    String node,
    long generation,
    String result,
    String at,
    double seconds,
    int groups,
    int classes,
    int intervals,
    long regions,
    long differing,
    List<Difference> differences,
    List<String> unproved) {
  public static final String EQUAL = "equal";
  public static final String DIFFERENT = "different";

  public ProofDocument {
    differences = List.copyOf(differences);
    unproved = List.copyOf(unproved);
  }

  public boolean equal() {
    return result.equals(EQUAL);
  }

  /// A packet that the table treats otherwise than the policies say.
  ///
  /// @param words the packet in one line
  /// @param table `allowed` or `denied`
  /// @param rule that decides; null where none matched
  /// @param policy what the policies say, in words
  public record Difference(
      String words, Packet packet, String table, @Nullable Rule rule, String policy) {
    /// In one line.
    public String sentence() {
      return "%s: %s by %s; the policies say: %s"
          .formatted(words, table, rule == null ? "no rule" : rule.place(), policy);
    }
  }

  /// One packet as an example; null where it has no such thing.
  ///
  /// @param hook `forward`, `input`, `output`, or `ingress` or `egress` and the device
  /// @param family `IPv4`, `IPv6`, or what else the frame holds
  /// @param state what connection tracking says of it; empty on a wire
  /// @param from who opened the connection; `to` is its real destination
  /// @param protocol its number
  /// @param port at the destination
  public record Packet(
      String hook,
      String family,
      String state,
      @Nullable String from,
      @Nullable String to,
      @Nullable Integer protocol,
      @Nullable Integer fromPort,
      @Nullable Integer port,
      List<Detail> details) {
    public Packet {
      details = List.copyOf(details);
    }
  }

  /// What else the packet takes: TCP flags, ICMP types, hop limits, link addresses.
  public record Detail(String what, String value) {}

  /// A rule of the kernel's.
  ///
  /// @param position in its chain, from 1
  public record Rule(String table, String chain, int position, String text) {
    String place() {
      return "%s, chain %s, rule %d: %s".formatted(table, chain, position, text);
    }
  }
}
