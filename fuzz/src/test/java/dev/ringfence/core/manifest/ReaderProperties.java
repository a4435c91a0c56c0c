package dev.ringfence.core.manifest;

import dev.ringfence.core.model.NetworkPolicy;
import java.io.ByteArrayInputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What holds for the reader whatever the bytes are: it never throws, every problem has its place,
/// and no policy opens more than its text.
public final class ReaderProperties {
  private static final String OLD =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: p, namespace: shop}
      spec:
        podSelector: {matchLabels: {a: x y}}
        egress: [{to: [{ipBlock: {cidr: 10.1.2.3/8, except: [010.0.0.0/16, nope]}}]}]
      """;

  private static final Before BEFORE = Before.read(List.of(SourceText.of("old", OLD)));

  private ReaderProperties() {}

  /// For the fuzzer started by itself, to run longer than a test: see CONTRIBUTING.md.
  public static void fuzzerTestOneInput(byte[] bytes) {
    check(bytes);
  }

  /// @param bytes the text; its length also picks how it is read
  static void check(byte[] bytes) {
    Reading reading = reading(bytes.length);
    Loaded loaded = Manifests.read(List.of(text(bytes)), reading);
    for (Problem problem : loaded.problems()) {
      if (problem.place().isEmpty() && !problem.message().startsWith("and ")) {
        throw new AssertionError("no place: " + problem);
      }
    }
    Map<String, Tree.Mapping> trees = trees(bytes, reading);
    for (NetworkPolicy policy : loaded.policies().network()) {
      Tree.Mapping root = trees.get(policy.id());
      if (root != null) {
        AsWritten.check(policy, root);
      }
    }
  }

  private static Reading reading(int length) {
    FieldValidation[] all = FieldValidation.values();
    return new Reading(
        length % 2 == 0 ? Admission.WRITTEN : Admission.STORED,
        new Release(33 + length % 5, 33 + length % 5),
        all[length % all.length],
        length % 4 == 0 ? BEFORE : Before.NOTHING,
        length % 8 == 0);
  }

  private static SourceText text(byte[] bytes) {
    return new SourceText("in", new ByteArrayInputStream(bytes));
  }

  /// Policies by their id, those of a name that stands twice left out.
  private static Map<String, Tree.Mapping> trees(byte[] bytes, Reading reading) {
    Map<String, Tree.Mapping> out = new HashMap<>();
    Map<String, Integer> count = new HashMap<>();
    Texts.read(
        text(bytes),
        document -> {
          if (document.root() instanceof Tree.Mapping root && Meta.name(root).isPresent()) {
            boolean lenient = reading.validation() != FieldValidation.STRICT;
            Tree.Mapping settled =
                lenient ? Repeats.settled(document, root, PolicySchema.NETWORK_POLICY) : root;
            String name = Meta.namespace(settled) + "/" + Meta.name(settled).orElse("");
            out.put("networkpolicy/" + name, settled);
            count.merge("networkpolicy/" + name, 1, Integer::sum);
          }
        },
        _ -> {},
        () -> true);
    count.forEach((id, times) -> {
      if (times > 1) {
        out.remove(id);
      }
    });
    return out;
  }
}
