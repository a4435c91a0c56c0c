package dev.ringfence.lab.chaos;

import dev.ringfence.core.answer.Decision;
import dev.ringfence.core.answer.Side;
import java.util.List;

/// Why the evaluator answered so, in a few words.
final class Because {
  private Because() {}

  /// The side that denied; both, if both allow.
  static String of(Decision decision) {
    String out = side("going out", decision.egress());
    String in = side("coming in", decision.ingress());
    if (decision.allowed()) {
      return out + ", " + in;
    }
    return decision.egress().allowed() ? in : out;
  }

  /// `coming in denied by networkpolicy/shop/db`.
  private static String side(String way, Side side) {
    List<String> policies =
        side.policy()
            .map(List::of)
            .orElseGet(() -> side.considered().stream().map(Side.Considered::policy).toList());
    return way
        + " "
        + side.code().word()
        + (policies.isEmpty() ? "" : " by " + String.join(", ", policies));
  }
}
