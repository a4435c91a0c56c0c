package dev.ringfence.core.cases;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One numbered case: a cluster at one moment, or at several, and what must be true of it then.
///
/// @param steps in their order; each is the whole cluster
public record CatalogueCase(int number, String references, String title, List<Step> steps) {
  private static final Pattern HEAD = Pattern.compile("# case (\\d+) \\((S[^)]+)\\): (.+)");
  private static final Pattern NEXT = Pattern.compile("(?m)^# (?=then$|or$)");

  public CatalogueCase {
    steps = List.copyOf(steps);
  }

  /// Parses one file.
  ///
  /// @param text its own, beginning with the line that names it
  /// @param world what is there unless the case says otherwise
  static CatalogueCase read(String text, String world) {
    String first = text.lines().findFirst().orElse("");
    Matcher head = HEAD.matcher(first);
    if (!head.matches()) {
      throw new IllegalArgumentException("not the head of a case: " + first);
    }
    List<Step> steps = new ArrayList<>();
    String held = "";
    for (String section : NEXT.split(text, -1)) {
      Step step = Step.read(section, world, held);
      held = step.isHeld() ? step.manifests() : "";
      if (!step.isHeld()) {
        steps.add(step);
      }
    }
    return new CatalogueCase(Integer.parseInt(head.group(1)), head.group(2), head.group(3), steps);
  }

  /// Whether any packet could show it.
  public boolean hasProbes() {
    return steps.stream().anyMatch(step -> !step.asked().isEmpty());
  }

  @Override
  public String toString() {
    return "case %d (%s): %s".formatted(number, references, title);
  }
}
