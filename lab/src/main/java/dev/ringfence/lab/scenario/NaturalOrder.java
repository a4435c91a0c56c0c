package dev.ringfence.lab.scenario;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `node-2` before `node-10`: by the text before a trailing number, then by the number.
public final class NaturalOrder {
  private static final Pattern NUMBERED = Pattern.compile("(.*?)([0-9]{1,9})");

  public static final Comparator<String> BY_NUMBER =
      Comparator.comparing(NaturalOrder::stem)
          .thenComparingInt(NaturalOrder::number)
          .thenComparing(Comparator.naturalOrder());

  private NaturalOrder() {}

  private static String stem(String name) {
    Matcher found = NUMBERED.matcher(name);
    return found.matches() ? found.group(1) : name;
  }

  private static int number(String name) {
    Matcher found = NUMBERED.matcher(name);
    return found.matches() ? Integer.parseInt(found.group(2)) : -1;
  }
}
