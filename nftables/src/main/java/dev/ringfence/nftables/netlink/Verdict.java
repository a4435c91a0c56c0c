package dev.ringfence.nftables.netlink;

import java.util.Optional;

/// What happens to a packet: the last expression of a rule, or the value of a verdict map.
public sealed interface Verdict {
  /// It passes this base chain.
  record Accept() implements Verdict {}

  record Drop() implements Verdict {}

  /// On with the next rule.
  record Continue() implements Verdict {}

  /// Back to the chain that jumped here; on a base chain, its policy.
  record Return() implements Verdict {}

  /// To another chain, and back.
  record Jump(String chain) implements Verdict {}

  /// To another chain; its end is ours.
  record Goto(String chain) implements Verdict {}

  default int code() {
    return switch (this) {
      case Drop() -> 0;
      case Accept() -> 1;
      case Continue() -> -1;
      case Jump(_) -> -3;
      case Goto(_) -> -4;
      case Return() -> -5;
    };
  }

  /// Where it goes.
  default Optional<String> target() {
    return switch (this) {
      case Jump(var chain) -> Optional.of(chain);
      case Goto(var chain) -> Optional.of(chain);
      case Accept(), Drop(), Continue(), Return() -> Optional.empty();
    };
  }

  static Verdict of(int code, Optional<String> chain) {
    return switch (code) {
      case 0 -> new Drop();
      case 1 -> new Accept();
      case -1 -> new Continue();
      case -3 -> new Jump(chain.orElseThrow());
      case -4 -> new Goto(chain.orElseThrow());
      case -5 -> new Return();
      default -> throw new IllegalArgumentException("verdict " + code);
    };
  }
}
