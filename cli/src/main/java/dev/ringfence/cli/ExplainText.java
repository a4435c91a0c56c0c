package dev.ringfence.cli;

import dev.ringfence.core.manifest.Place;
import dev.ringfence.core.manifest.Places;
import dev.ringfence.core.model.Direction;
import dev.ringfence.report.Explanation;
import dev.ringfence.report.Explanation.Decider;
import dev.ringfence.report.Explanation.Differing;
import dev.ringfence.report.Explanation.Free;
import dev.ringfence.report.Explanation.Judged;
import dev.ringfence.report.Explanation.Miss;
import dev.ringfence.report.Explanation.Named;
import dev.ringfence.report.Explanation.Part;
import dev.ringfence.report.Explanation.Side;
import dev.ringfence.report.Explanation.SmallestFix;
import dev.ringfence.report.Explanations;
import dev.ringfence.report.PortEntry;
import dev.ringfence.report.Sentences;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// An explanation as prose: the answer, then each side with the lines that decided, then the fix.
final class ExplainText {
  private static final int MOST_MISSES = 2;
  private static final int MOST_LINES = 16;

  private final Console console;
  private final Paint paint;
  private final Explanation answer;
  private final Places places;
  private final Quotes.Again again;

  ExplainText(Console console, Explanation answer, Places places, Quotes.Again again) {
    this.console = console;
    this.paint = console.paint();
    this.answer = answer;
    this.places = places;
    this.again = again;
  }

  void print() {
    if (answer.byPorts() != null) {
      say(answer.sentence());
      answer.byPorts().stream().filter(Part::allowed).forEach(this::part);
      answer.byPorts().stream().filter(part -> !part.allowed()).forEach(this::part);
      return;
    }
    boolean allowed = Boolean.TRUE.equals(answer.allowed());
    say((allowed ? paint.green("allowed: ") : paint.red("denied: ")) + answer.sentence());
    if (answer.backends() != null && answer.backends().size() > 1) {
      say("  Behind it: " + String.join(", ", answer.backends()));
    }
    if ("implementation".equals(answer.certainty())) {
      say("  Kubernetes leaves this to whoever enforces; others may answer otherwise.");
    }
    side(Direction.EGRESS, Objects.requireNonNull(answer.egress()));
    side(Direction.INGRESS, Objects.requireNonNull(answer.ingress()));
    fixes();
  }

  /// Who accepts: of a Service the backend that is explained.
  private String to() {
    return answer.backend() == null ? answer.to() : answer.backend().pod();
  }

  private void say(String line) {
    console.out().println(line);
  }

  private void part(Part part) {
    say("");
    String verdict = part.allowed() ? paint.green("allowed") : paint.red("denied");
    say(verdict + ": " + (part.all() ? "every port" : ports(part.ports())));
    brief("egress of " + answer.from(), part.egress());
    brief("ingress of " + to(), part.ingress());
  }

  /// One line about a side.
  private void brief(String which, Side side) {
    switch (side) {
      case Free(String verdict) -> say("  " + which + ": " + words(verdict));
      case Judged judged -> {
        Decider rule = judged.decidedBy();
        say(
            "  "
                + which
                + ": "
                + words(judged.verdict())
                + (rule == null
                    ? isolation(judged)
                    : " by " + rule.policy() + item(rule.rule(), "rule") + at(rule)));
      }
    }
  }

  private static String isolation(Judged judged) {
    return judged.isolatedBy().isEmpty()
        ? ""
        : "; isolated by "
            + judged.isolatedBy().stream().map(Named::policy).collect(Collectors.joining(", "));
  }

  private void side(Direction direction, Side side) {
    boolean out = direction == Direction.EGRESS;
    String which = out ? "egress of " + answer.from() : "ingress of " + to();
    say("");
    switch (side) {
      case Free(String verdict) -> say(paint.bold(which) + ": " + words(verdict));
      case Judged judged -> {
        say(paint.bold(which) + ": " + words(judged.verdict()));
        for (Named policy : judged.isolatedBy()) {
          say("  isolated by " + policy.policy() + at(policy.file(), policy.line()));
        }
        if (judged.decidedBy() != null) {
          decider(direction, judged.decidedBy());
        }
        if (judged.nearMisses() != null) {
          misses(direction, judged.nearMisses());
        }
      }
    }
  }

  private void decider(Direction direction, Decider rule) {
    say(
        "  "
            + (rule.action().equals("Deny") ? "denied by " : "allowed by ")
            + rule.policy()
            + " "
            + items(direction, rule.rule(), rule.peer(), rule.port())
            + at(rule));
    quote(direction, rule.policy(), rule.rule());
  }

  private void misses(Direction direction, List<Miss> misses) {
    List<Miss> rules = misses.stream().filter(miss -> miss.rule() != null).toList();
    List<Miss> shown = rules.subList(0, Math.min(MOST_MISSES, rules.size()));
    for (Miss miss : shown) {
      say(
          "  close: "
              + miss.policy()
              + " "
              + items(direction, miss.rule(), miss.peer(), miss.port())
              + at(miss.file(), miss.line()));
      quote(direction, miss.policy(), miss.rule());
      miss.differs().forEach(one -> say("    but " + words(direction, one)));
    }
    if (rules.size() > shown.size()) {
      say("  and " + (rules.size() - shown.size()) + " more (-o json shows them)");
    }
    if (rules.isEmpty()) {
      say("  none of them has a rule for this direction");
    }
  }

  /// `egress[0].to[1], ports[0]`, as in field paths.
  private static String items(
      Direction direction, @Nullable Integer rule, @Nullable Integer peer, @Nullable Integer port) {
    boolean out = direction == Direction.EGRESS;
    return (out ? "egress" : "ingress")
        + index(rule)
        + (peer == null ? "" : (out ? ".to" : ".from") + index(peer))
        + (port == null ? "" : (peer == null ? ".ports" : ", ports") + index(port));
  }

  private static String index(@Nullable Integer index) {
    return index == null ? "" : "[" + index + "]";
  }

  private static String item(@Nullable Integer index, String what) {
    return index == null ? "" : " " + what + " " + index;
  }

  private static String at(Decider rule) {
    return at(rule.file(), rule.line());
  }

  private static String at(@Nullable String file, @Nullable Integer line) {
    return file == null ? "" : " (" + file + ":" + line + ")";
  }

  private String words(Direction direction, Differing one) {
    String end = direction == Direction.EGRESS ? to() : answer.from();
    String key = String.valueOf(one.key());
    return switch (one.what()) {
      case "podLabel" ->
          "it wants label " + label(key, one.wants()) + "; " + has(end, key, one.has());
      case "namespaceLabel" ->
          "it wants namespace label "
              + label(key, one.wants())
              + "; "
              + has("the namespace of " + end, key, one.has());
      case "namespace" ->
          "it means pods of namespace " + one.wants() + " only; " + end + " is in " + one.has();
      case "ipBlock" ->
          one.wants() == null
              ? "it means pods; " + end + " is none"
              : "it means "
                  + one.wants()
                  + "; "
                  + (one.has() == null
                      ? "nobody knows the address of " + end
                      : end.equals(one.has())
                          ? end + " is not among them"
                          : end + " has " + one.has());
      case "port" -> "it wants port " + one.wants() + "; asked was " + one.has();
      case "protocol" -> "it wants " + one.wants() + "; asked was " + answer.protocol();
      default -> one.what();
    };
  }

  private static String label(String key, @Nullable String wants) {
    return wants == null ? key + " to be absent" : Sentences.label(key, wants);
  }

  private static String has(String end, String key, @Nullable String has) {
    return end
        + (has == null
            ? " has no such label"
            : " has " + key + "=" + (has.isEmpty() ? "\"\"" : has));
  }

  private static String words(String verdict) {
    return switch (verdict) {
      case "not-isolated" -> "not isolated: no policy is about it";
      case "not-applicable" -> "no pod, so no policy is about it";
      case "own-node" -> "allowed: a node reaches its own pods";
      case "self" -> "allowed: a pod reaches itself";
      default -> verdict;
    };
  }

  private static String ports(List<PortEntry> ports) {
    return ports.stream()
        .map(one ->
            one.port() == null
                ? "protocols without ports"
                : one.protocol()
                    + " "
                    + one.port()
                    + (one.endPort() == null ? "" : "-" + one.endPort()))
        .collect(Collectors.joining(", "));
  }

  private void fixes() {
    List<SmallestFix> fixes = new ArrayList<>();
    for (Side side :
        List.of(
            Objects.requireNonNull(answer.egress()), Objects.requireNonNull(answer.ingress()))) {
      if (side instanceof Judged judged && judged.smallestFix() != null) {
        fixes.add(judged.smallestFix());
      }
    }
    if (fixes.isEmpty()) {
      return;
    }
    say("");
    say(paint.bold("smallest fix") + (fixes.size() > 1 ? ", one part for each side:" : ":"));
    for (SmallestFix fix : fixes) {
      say("  " + fix.text());
      fix.alsoOpens()
          .forEach(one ->
              say(
                  "    "
                      + one.from()
                      + " -> "
                      + one.to()
                      + " "
                      + (one.all() ? "every port" : ports(one.ports()))));
    }
    for (SmallestFix fix : fixes) {
      if (fix.manifest() != null) {
        say("---");
        console.out().print(fix.manifest());
      }
    }
  }

  /// The rule's lines, as far as they are indented.
  private void quote(Direction direction, String policy, @Nullable Integer rule) {
    if (rule == null) {
      return;
    }
    OptionalInt none = OptionalInt.empty();
    String path = Explanations.path(direction, OptionalInt.of(rule), none, none);
    places.find(policy, path).ifPresent(this::quote);
  }

  private void quote(Place first) {
    List<Place> lines = new ArrayList<>();
    for (int i = 0; i <= MOST_LINES; i++) {
      lines.add(new Place(first.file(), first.line() + i, 1));
    }
    Quotes quotes = Quotes.of(lines, again);
    int indent = -1;
    for (Place line : lines) {
      String text = quotes.of(line).map(Quote::text).orElse("");
      int here = text.length() - text.stripLeading().length();
      if (text.isBlank() || (indent >= 0 && here <= indent)) {
        return;
      }
      indent = indent < 0 ? here : indent;
      boolean cut = line.line() == first.line() + MOST_LINES;
      say(paint.dim("    " + line.line() + " | ") + (cut ? "..." : text));
    }
  }
}
