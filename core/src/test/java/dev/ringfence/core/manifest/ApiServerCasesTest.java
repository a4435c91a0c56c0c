package dev.ringfence.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Every recorded answer of an API server 1.37 about creating a NetworkPolicy, against ours.
class ApiServerCasesTest {
  /// Answers about the POST that carries the manifest, which a file does not have.
  private static final Set<String> NOT_ABOUT_THE_TEXT =
      Set.of("env-empty", "env-comment-only", "json-single-quotes");

  private static List<ApiServerCase> cases() {
    Optional<List<ApiServerCase>> all = ApiServerCase.all();
    assumeTrue(all.isPresent(), "no apiserver-cases.jsonl in -Dringfence.shared: skipped");
    return all.orElseThrow().stream()
        .filter(ApiServerCase::concernsNetworkPolicies)
        .filter(ApiServerCase::plainCreate)
        .filter(one -> one.validation().equals("Strict"))
        .filter(one -> !NOT_ABOUT_THE_TEXT.contains(one.id()))
        .toList();
  }

  private static Loaded load(ApiServerCase one) {
    return Manifests.read(List.of(SourceText.of("case", one.manifest())), Admission.WRITTEN);
  }

  @Test
  void verdictsAreTheServersOrKubectls() {
    List<String> different = new ArrayList<>();
    for (ApiServerCase one : cases()) {
      boolean refused = load(one).refused();
      if (refused == one.accepted() && refused == one.kubectlAccepts()) {
        different.add(one.id() + " refused=" + refused + " " + load(one).problems());
      }
    }
    assertThat(different).isEmpty();
  }

  @Test
  void causesAreTheServersInItsOrder() {
    List<String> different = new ArrayList<>();
    for (ApiServerCase one : cases()) {
      if (one.http() != 422) {
        continue;
      }
      List<ApiServerCase.Cause> ours =
          load(one).problems().stream()
              .filter(problem -> problem.isError() && problem.server())
              .map(ApiServerCasesTest::cause)
              .toList();
      boolean same =
          one.ordered()
              ? ours.equals(one.causes())
              : ours.stream().sorted().toList().equals(one.causes().stream().sorted().toList());
      if (!same) {
        different.add(one.id() + "\n  server " + one.causes() + "\n  ours   " + ours);
      }
    }
    assertThat(different).isEmpty();
  }

  @Test
  void decodeErrorsAreInTheServersWords() {
    List<String> different = new ArrayList<>();
    for (ApiServerCase one : cases()) {
      if (!one.isDecodeError()) {
        continue;
      }
      if (one.kubectlAccepts() && !load(one).refused()) {
        continue; // a merge key that is overridden (S176)
      }
      List<Problem> ours =
          load(one).problems().stream()
              .filter(problem -> problem.isError() && problem.server())
              .toList();
      if (!message(ours).equals(one.message())) {
        different.add(one.id() + "\n  server " + one.message() + "\n  ours   " + message(ours));
      }
    }
    assertThat(different).isEmpty();
  }

  private static String message(List<Problem> problems) {
    List<String> yaml = new ArrayList<>();
    List<String> strict = new ArrayList<>();
    for (Problem problem : problems) {
      if (problem.message().startsWith("line ")) {
        yaml.add("\n  " + problem.message());
      } else {
        strict.add(problem.message());
      }
    }
    String start = "NetworkPolicy in version \"v1\" cannot be handled as a NetworkPolicy: ";
    if (strict.size() == 1 && !strict.getFirst().contains(" field \"")) {
      return start + strict.getFirst();
    }
    if (!yaml.isEmpty()) {
      strict.addFirst("yaml: unmarshal errors:" + String.join("", yaml));
    }
    return start + "strict decoding error: " + String.join(", ", strict);
  }

  @Test
  void warningsAreTheServers() {
    List<String> different = new ArrayList<>();
    for (ApiServerCase one : cases()) {
      if (!one.accepted()) {
        continue;
      }
      List<String> ours =
          load(one).problems().stream()
              .filter(problem -> !problem.isError() && problem.server())
              .map(problem -> problem.field().orElse("") + ": " + problem.message())
              .toList();
      if (!ours.equals(one.warnings())) {
        different.add(one.id() + "\n  server " + one.warnings() + "\n  ours   " + ours);
      }
    }
    assertThat(different).isEmpty();
  }

  /// S40: what a server without strict CIDRs let in is read as a stored object.
  @Test
  void whatAnOldServerTookIsReadAsStored() {
    Optional<List<ApiServerCase>> all = ApiServerCase.all();
    assumeTrue(all.isPresent(), "no apiserver-cases.jsonl in -Dringfence.shared: skipped");
    List<String> different = new ArrayList<>();
    for (ApiServerCase one : all.orElseThrow()) {
      if (one.concernsNetworkPolicies() && one.oldServer() && one.accepted()) {
        Loaded loaded =
            Manifests.read(List.of(SourceText.of("case", one.manifest())), Admission.STORED);
        if (loaded.refused() || loaded.policies().toString().contains("Unreadable")) {
          different.add(one.id() + " " + loaded.problems());
        }
      }
    }
    assertThat(different).isEmpty();
  }

  private static ApiServerCase.Cause cause(Problem problem) {
    return new ApiServerCase.Cause(
        problem.field().orElse(""), problem.reason().toString(), problem.message());
  }
}
