package dev.ringfence.core.manifest;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Texts made to hurt, streamed so that they cost nothing before they are read; as a program, it
/// reads each with little memory and prints what came of it.
public final class Hostile {
  private static final int HUNDRED_MEGABYTES = 100 * 1024 * 1024;
  private static final int TEN_MEGABYTES = 10 * 1024 * 1024;

  /// What every hostile document is followed by, and what must be read all the same.
  private static final String GOOD =
      "\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: survivor, namespace: shop}\n";

  private static final String POLICY =
      "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\nspec:\n";

  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  private Hostile() {}

  static Map<String, InputStream> inputs() {
    Map<String, InputStream> out = new LinkedHashMap<>();
    out.put("plain scalar", join(text("a: "), repeat("x", HUNDRED_MEGABYTES)));
    out.put("quoted scalar", join(text("a: \""), repeat("x", TEN_MEGABYTES), text("\"")));
    out.put("block scalar", join(text("a: |\n"), repeat("  xxxxxxx\n", TEN_MEGABYTES)));
    out.put("key", join(repeat("x", TEN_MEGABYTES), text(": 1")));
    out.put("comment", join(text("#"), repeat("x", TEN_MEGABYTES)));
    out.put("blanks", join(text("a:"), repeat(" ", TEN_MEGABYTES), text("b")));
    out.put("anchor", join(text("a: &"), repeat("x", TEN_MEGABYTES), text(" b")));
    out.put("tag", join(text("a: !"), repeat("x", TEN_MEGABYTES), text(" b")));
    out.put("long key", join(text("a: {"), repeat("x", 2_000), text(": 1}")));
    out.put("brackets", join(text("a: "), repeat("[", 20_000)));
    out.put("closed brackets", join(text("a: "), repeat("[", 20_000), repeat("]", 20_000)));
    out.put("braces", join(text("a: "), repeat("{a: ", 80_000)));
    out.put("dashes", repeat("- ", 40_000));
    out.put("questions", repeat("? ", 40_000));
    out.put("items", join(text("a: [1"), repeat(",1", 2_900_000), text("]")));
    out.put("pairs", join(text("a:\n"), counted(" %d: 1\n", 250_000)));
    out.put("one key many times", join(text("a:\n"), repeat(" b: 1\n", 1_500_000)));
    out.put("laughs", text(laughs()));
    out.put("merges", text(merges()));
    out.put("aliases", join(text("a: &a b\nc: ["), repeat("*a,", 30_000), text("]")));
    out.put("itself", text("a: &a [*a]"));
    out.put("nul", text("a: \"b\0\""));
    out.put("latin-1", bytes('a', ':', ' ', 0xE9, '\n'));
    out.put("overlong", bytes('a', ':', ' ', 0xC0, 0x80));
    out.put("surrogate", bytes('a', ':', ' ', 0xED, 0xA0, 0x80));
    out.put("cut off", bytes('a', ':', ' ', 0xE2, 0x82));
    out.put("utf-16", bytes(0xFE, 0xFF, 0, 'a', 0, ':'));
    out.put(
        "digits",
        join(
            policy("{podSelector: {}, ingress: [{ports: [{port: "),
            repeat("9", 10_000),
            text("}]}]}")));
    out.put(
        "octets",
        join(
            policy("{ingress: [{from: [{ipBlock: {cidr: \""),
            repeat("0", 2_000_000),
            text("1.0.0.0/8\"}}]}]}")));
    out.put("unknown fields", join(policy("\n"), counted("  f%d: 1\n", 200_000)));
    out.put(
        "bad labels",
        join(policy("\n  podSelector:\n    matchLabels:\n"), counted("      a b%d: c\n", 100_000)));
    out.put(
        "bad ports",
        join(policy("\n  ingress: [{ports: ["), repeat("{port: 0},", 90_000), text("]}]")));
    out.put(
        "replicas",
        text(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {replicas: 2147483647, template: {}}"));
    out.put("broken documents", repeat("}\n---\n", 6_000_000));
    out.put("empty documents", repeat("---\n", TEN_MEGABYTES));
    out.put("nameless items", join(text("items:\n"), repeat("- {a: 1}\n", 1_000_000)));
    return out;
  }

  private static String laughs() {
    StringBuilder out = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 40; i++) {
      out.append("a%d: &a%d [*a%d,*a%d,*a%d]\n".formatted(i, i, i - 1, i - 1, i - 1));
    }
    return out.toString();
  }

  private static String merges() {
    StringBuilder out = new StringBuilder("a0: &a0 {x: 1, y: 2}\n");
    for (int i = 1; i < 60; i++) {
      out.append("a%d: &a%d {<<: [*a%d, *a%d], z%d: 1}\n".formatted(i, i, i - 1, i - 1, i));
    }
    return out.toString();
  }

  private static InputStream policy(String spec) {
    return text(POLICY.replace("spec:\n", "spec: " + spec));
  }

  private static InputStream text(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static InputStream bytes(int... values) {
    byte[] out = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      out[i] = (byte) values[i];
    }
    return new ByteArrayInputStream(out);
  }

  private static InputStream join(InputStream... parts) {
    return new SequenceInputStream(Collections.enumeration(List.of(parts)));
  }

  /// `text` again and again, up to this many characters.
  private static InputStream repeat(String text, int characters) {
    byte[] once = text.repeat(1 + 8_000 / text.length()).getBytes(StandardCharsets.UTF_8);
    return new InputStream() {
      private int at;

      @Override
      public int read() {
        return at < characters ? once[at++ % once.length] : -1;
      }

      @Override
      public int read(byte[] out, int from, int length) {
        if (at >= characters) {
          return -1;
        }
        int start = at % once.length;
        int count = Math.min(Math.min(length, once.length - start), characters - at);
        System.arraycopy(once, start, out, from, count);
        at += count;
        return count;
      }
    };
  }

  private static InputStream counted(String format, int count) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < count; i++) {
      out.append(format.formatted(i));
    }
    return text(out.toString());
  }

  /// Prints `name|milliseconds of one processor|pods read|errors|first error` for each.
  public static void main(String[] args) {
    for (Map.Entry<String, InputStream> input : inputs().entrySet()) {
      long start = CLOCK.getCurrentThreadCpuTime();
      Loaded loaded =
          Manifests.read(
              List.of(
                  new SourceText("bad.yaml", join(input.getValue(), text(GOOD))),
                  SourceText.of("good.yaml", GOOD.replace("survivor", "other"))),
              Admission.WRITTEN);
      long millis = (CLOCK.getCurrentThreadCpuTime() - start) / 1_000_000;
      List<Problem> errors = loaded.problems().stream().filter(Problem::isError).toList();
      String first = errors.isEmpty() ? "" : errors.getFirst().toString();
      long survivors =
          loaded.snapshot().pods().keySet().stream()
              .filter(name -> name.namespace().equals("shop"))
              .count();
      System.out.println(
          input.getKey()
              + "|"
              + millis
              + "|"
              + survivors
              + "|"
              + errors.size()
              + "|"
              + first.substring(0, Math.min(first.length(), 200)).replace("\n", " "));
    }
  }
}
