package dev.ringfence.core.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.core.cluster.Ends;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.cluster.Pairs;
import dev.ringfence.core.manifest.Admission;
import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.core.manifest.Manifests;
import dev.ringfence.core.manifest.SourceText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every probe of every suite, put to the evaluator and to the compiled policy.
class KnownAnswersTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"cyclonus", "cyclonus-v6", "cyclonus-recipes", "cyclonus-unit", "knp-unit"})
  void suitesOfOthers(String suite) throws IOException {
    Path file = shared().resolve("cases").resolve(suite + ".tar.gz");
    assumeTrue(Files.exists(file), () -> "skipped: no " + file + "; set -Dringfence.shared");
    assertThat(check(file)).isPositive();
  }

  /// A folder named `shared` beside the checkout or above it.
  private static Path shared() {
    String told = System.getProperty("ringfence.shared");
    if (told != null) {
      return Path.of(told);
    }
    Path at = Path.of("").toAbsolutePath();
    while (at != null && !Files.isDirectory(at.resolve("shared/cases"))) {
      at = at.getParent();
    }
    return at == null ? Path.of("../shared") : at.resolve("shared");
  }

  private static int check(Path suite) throws IOException {
    int probes = 0;
    List<String> wrong = new ArrayList<>();
    for (Case one : Case.in(suite)) {
      if (!one.hasClusterPolicies()) {
        probes += check(one, wrong);
      }
    }
    assertThat(wrong).isEmpty();
    return probes;
  }

  private static int check(Case one, List<String> wrong) {
    String legal = one.manifests().replace("-ipBlock", "-ipblock"); // names of two policies
    Loaded loaded = Manifests.read(List.of(SourceText.of(one.id(), legal)), Admission.WRITTEN);
    if (loaded.refused()) {
      wrong.add(one.id() + " refused: " + loaded.problems());
      return 0;
    }
    Answers answers = new Answers(loaded.policies(), loaded.snapshot());
    for (Probe probe : one.probes()) {
      try {
        for (Flow flow : flows(loaded, probe)) {
          if (answers.allowed(flow) != probe.allowed()) {
            wrong.add(one.id() + ": " + probe.line() + " " + answers.decision(flow));
          }
        }
      } catch (Ends.Unknown unknown) {
        wrong.add(one.id() + " cannot ask " + probe.line() + ": " + unknown.getMessage());
      }
    }
    return one.probes().size();
  }

  private static List<Flow> flows(Loaded loaded, Probe probe) throws Ends.Unknown {
    Ends ends = new Ends(loaded.snapshot());
    return new Pairs(loaded.snapshot())
        .flows(ends.find(probe.from()), ends.find(probe.to()), probe.protocol(), probe.port());
  }
}
