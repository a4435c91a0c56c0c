package dev.ringfence.report;

import dev.ringfence.core.answer.Decision;
import dev.ringfence.core.answer.Difference;
import dev.ringfence.core.answer.Explained;
import dev.ringfence.core.answer.Fix;
import dev.ringfence.core.answer.NearMiss;
import dev.ringfence.core.answer.Repairs.Repair;
import dev.ringfence.core.answer.Side;
import dev.ringfence.core.answer.Side.Considered;
import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.model.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Answers in one sentence.
///
/// @param from who opens, as a person calls it
/// @param to who accepts
public record Sentences(String from, String to) {

  /// `shop/pod/web-1 may not open TCP 5432 to shop/pod/db-0: ...`
  ///
  /// @param what `TCP 5432 to shop/pod/db-0`
  public String of(Explained explained, Repair repair, String what) {
    Decision decision = explained.decision();
    List<String> reasons = new ArrayList<>();
    add(reasons, decision, Direction.EGRESS, decision.egress(), explained.egress());
    add(reasons, decision, Direction.INGRESS, decision.ingress(), explained.ingress());
    String verdict = decision.allowed() ? " may open " : " may not open ";
    return from
        + verdict
        + what
        + ": "
        + (reasons.isEmpty()
            ? "no policy is about connections without a pod"
            : String.join(decision.allowed() ? ", and " : "; and ", reasons))
        + change(repair)
        + ".";
  }

  private void add(
      List<String> reasons, Decision all, Direction direction, Side side, List<NearMiss> misses) {
    if (side.allowed() == all.allowed()) {
      String why = why(direction, side, misses);
      if (!why.isEmpty() && !reasons.contains(why)) {
        reasons.add(why);
      }
    }
  }

  private String why(Direction direction, Side side, List<NearMiss> misses) {
    boolean out = direction == Direction.EGRESS;
    String policy = side.policy().orElse("");
    return switch (side.code()) {
      case SELF -> "a pod may always reach itself";
      case NOT_A_POD -> "";
      case OWN_NODE -> "a node may always reach its own pods";
      case ADMIN_ACCEPT -> policy + " accepts it in the Admin tier";
      case ADMIN_DENY -> policy + " denies it in the Admin tier";
      case BASELINE_ACCEPT -> policy + " accepts it in the Baseline tier";
      case BASELINE_DENY -> policy + " denies it in the Baseline tier";
      case NP_RULE -> policy + (out ? " lets it out" : " lets it in");
      case NOT_ISOLATED ->
          out
              ? "no policy restricts what " + from + " opens"
              : "no policy restricts what " + to + " accepts";
      case NP_ISOLATED_NO_MATCH -> isolated(direction, side, misses);
    };
  }

  private String isolated(Direction direction, Side side, List<NearMiss> misses) {
    boolean out = direction == Direction.EGRESS;
    List<String> by =
        side.considered().stream()
            .filter(one -> one.passedBy().isEmpty())
            .map(Considered::policy)
            .toList();
    String isolated =
        (out ? from + " is isolated for egress" : to + " is isolated for ingress")
            + " by "
            + (by.size() < 3 ? listed(by) : by.size() + " policies");
    Optional<NearMiss> closest =
        misses.stream().filter(miss -> miss.rule().isPresent()).findFirst();
    return closest
        .map(miss ->
            isolated
                + ", where rule "
                + miss.rule().getAsInt()
                + (by.size() == 1 ? "" : " of " + miss.policy())
                + " comes closest but wants "
                + listed(miss.differs().stream().map(Sentences::wants).toList()))
        .orElse(
            isolated
                + (by.size() == 1 ? ", which has no rule for it" : ", which have no rules for it"));
  }

  private static String wants(Difference one) {
    String wants = one.wants().orElse("");
    return switch (one.what()) {
      case POD_LABEL -> "label " + label(one);
      case NAMESPACE_LABEL -> "namespace label " + label(one);
      case NAMESPACE -> "a pod of namespace " + wants;
      case IP_BLOCK -> one.wants().isEmpty() ? "a pod" : "an address of " + wants;
      case PORT -> "port " + wants;
      case PROTOCOL -> wants;
      case NO_RULE -> "nothing";
    };
  }

  private static String label(Difference one) {
    String key = one.key().orElse("");
    return one.wants().map(value -> label(key, value)).orElse(key + " to be absent");
  }

  /// `app=web`, or `app (one of web, api)`: no label value has a blank.
  public static String label(String key, String wants) {
    return wants.indexOf(' ') < 0 ? key + "=" + wants : key + " (" + wants + ")";
  }

  private static String listed(List<String> all) {
    return all.size() < 2
        ? String.join("", all)
        : String.join(", ", all.subList(0, all.size() - 1)) + " and " + all.getLast();
  }

  /// What would allow it.
  private static String change(Repair repair) {
    List<String> policies = new ArrayList<>();
    for (Optional<Fix> fix : List.of(repair.egress(), repair.ingress())) {
      if (fix.isPresent()) {
        if (!(fix.get() instanceof Fix.Add add)) {
          return "";
        }
        policies.add(add.policy().name().toString());
      }
    }
    return policies.isEmpty()
        ? ""
        : "; one more NetworkPolicy"
            + (policies.size() == 1 ? ", " : " on each side, ")
            + listed(policies)
            + ", would allow it";
  }

  /// What may be opened at all.
  public String of(PortSet open) {
    if (open.isNone()) {
      return from + " may open nothing of " + to + ".";
    }
    return open.isAll()
        ? from + " may open every port of " + to + "."
        : from + " may open " + words(open) + " of " + to + ", and nothing else.";
  }

  private static String words(PortSet ports) {
    return ports
        .toString()
        .replace(",", ", ")
        .replace("; ", " and ")
        .replace("*", "(every port)")
        .replaceFirst("other$", "protocols without ports");
  }

  /// What a fix does, and what else.
  ///
  /// @param port `TCP 5432`, or `ICMP`, for which a rule has to let every port pass
  public String fix(Direction direction, Fix.Add add, String port) {
    int opens = add.further().size();
    return "Apply NetworkPolicy "
        + add.policy().name()
        + ": it lets "
        + (direction == Direction.EGRESS
            ? from + " open " + port + " to " + to
            : to + " accept " + port + " from " + from)
        + (opens == 0
            ? " and opens nothing else."
            : ", and also opens " + (opens == 1 ? "one more pair." : opens + " more pairs."));
  }

  /// Why no NetworkPolicy helps.
  public static String fix(Fix.Beyond beyond) {
    String rule = beyond.rule().isPresent() ? ", rule " + beyond.rule().getAsInt() : "";
    return beyond.policy()
        + rule
        + " denies it in the "
        + beyond.tier()
        + " tier, where a NetworkPolicy has no say: change that rule, or accept this before it.";
  }
}
