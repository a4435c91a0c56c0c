package dev.ringfence.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.core.model.NetworkPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// Every recorded answer of an API server 1.37 about a NetworkPolicy, against ours: creates and
/// updates, strict and lenient, with old gates and new ones.
class ApiServerCasesTest {
  /// Where we answer otherwise, and why. Each must differ: what no longer does is taken out.
  private static final Map<String, String> OTHERWISE =
      Map.of(
          "ok-merge-key", "kubectl takes an overridden merge key, and so do we (S176)",
          "env-list", "a List is no NetworkPolicy to that URL; as kubectl, we read its items",
          "env-empty", "an empty body; an empty file holds nothing to check",
          "env-comment-only", "likewise",
          "upd-missing-object", "nothing to update; without --before it is a create");

  private static List<ApiServerCase> cases() {
    Optional<List<ApiServerCase>> all = ApiServerCase.all();
    assumeTrue(all.isPresent(), "no apiserver-cases.jsonl in -Dringfence.shared: skipped");
    return all.orElseThrow().stream().filter(ApiServerCase::concernsNetworkPolicies).toList();
  }

  /// @param differs what differs in one case, empty where nothing does
  private static void check(Function<ApiServerCase, Optional<String>> differs) {
    assertThat(different(ApiServerCase.derived(), differs)).isEmpty();
    assertThat(different(cases(), differs)).isEmpty();
  }

  private static List<String> different(
      List<ApiServerCase> cases, Function<ApiServerCase, Optional<String>> differs) {
    List<String> different = new ArrayList<>();
    for (ApiServerCase one : cases) {
      if (!OTHERWISE.containsKey(one.id())) {
        differs.apply(one).ifPresent(what -> different.add(one.id() + "\n  " + what));
      }
    }
    return different;
  }

  private static List<Problem> said(ApiServerCase one, boolean errors) {
    return one.load().problems().stream()
        .filter(problem -> problem.server() && problem.isError() == errors)
        .toList();
  }

  /// What only we call an error, a field that the server drops in silence, is none here.
  private static boolean refused(ApiServerCase one) {
    boolean lenient = one.validation() != FieldValidation.STRICT;
    return lenient ? !said(one, true).isEmpty() : one.load().refused();
  }

  @Test
  void verdictsAreTheServersOrKubectls() {
    check(one ->
        refused(one) == one.accepted() && refused(one) == one.kubectlAccepts()
            ? Optional.of("refused=" + refused(one) + " " + one.load().problems())
            : Optional.empty());
  }

  @Test
  void causesAreTheServersInItsOrder() {
    check(one ->
        hasItsCauses(one)
            ? Optional.empty()
            : Optional.of("server " + one.causes() + "\n  ours   " + causes(one)));
  }

  private static boolean hasItsCauses(ApiServerCase one) {
    List<ApiServerCase.Cause> ours = causes(one);
    return one.ordered()
        ? ours.equals(one.causes())
        : ours.stream().sorted().toList().equals(one.causes().stream().sorted().toList());
  }

  private static List<ApiServerCase.Cause> causes(ApiServerCase one) {
    return said(one, true).stream()
        .filter(problem -> problem.reason().toString().startsWith("Field"))
        .map(ApiServerCasesTest::cause)
        .toList();
  }

  @Test
  void decodeErrorsAreInTheServersWords() {
    check(one -> {
      if (!one.isDecodeError()) {
        return Optional.empty();
      }
      String ours = message(said(one, true));
      return ours.equals(one.message())
          ? Optional.empty()
          : Optional.of("server " + one.message() + "\n  ours   " + ours);
    });
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
  void otherRefusalsOfUpdatesAreInTheServersWords() {
    check(one -> {
      if (!one.operation().equals("update") || one.causes().size() > 0 || one.accepted()) {
        return Optional.empty();
      }
      String ours = said(one, true).getFirst().message();
      String chosen = ", UID in object meta: ";
      int end = one.message().indexOf(chosen);
      String server = end < 0 ? one.message() : one.message().substring(0, end);
      return one.isDecodeError() || ours.startsWith(server)
          ? Optional.empty()
          : Optional.of("server " + one.message() + "\n  ours   " + ours);
    });
  }

  @Test
  void warningsAreTheServers() {
    check(one -> {
      List<String> ours =
          said(one, false).stream()
              .map(problem ->
                  problem.reason() == Reason.BAD_REQUEST
                      ? problem.message()
                      : problem.field().orElse("") + ": " + problem.message())
              .toList();
      return ours.equals(one.warnings())
          ? Optional.empty()
          : Optional.of("server " + one.warnings() + "\n  ours   " + ours);
    });
  }

  @Test
  void whatIsStoredIsWhatWeRead() {
    check(one -> {
      if (one.stored().isEmpty()) {
        return Optional.empty();
      }
      List<NetworkPolicy> read = one.load().policies().network();
      Object server = StoredForm.of(one.stored().get());
      Object ours = read.isEmpty() ? "nothing" : StoredForm.of(read.getFirst());
      return ours.equals(server)
          ? Optional.empty()
          : Optional.of("server " + server + "\n  ours   " + ours);
    });
  }

  @Test
  void whatAnswersOtherwiseDoesSo() {
    List<ApiServerCase> all = cases();
    for (String id : OTHERWISE.keySet()) {
      ApiServerCase one =
          all.stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
      assertThat(refused(one) == one.accepted() || !hasItsCauses(one)).as(id).isTrue();
    }
  }

  /// S40: what a server without strict CIDRs let in is read as a stored object.
  @Test
  void whatAnOldServerTookIsReadAsStored() {
    check(one -> {
      if (!one.oldServer() || !one.accepted()) {
        return Optional.empty();
      }
      Loaded loaded =
          Manifests.read(List.of(SourceText.of("case", one.manifest())), Admission.STORED);
      return loaded.refused() || loaded.policies().toString().contains("Unreadable")
          ? Optional.of(loaded.problems().toString())
          : Optional.empty();
    });
  }

  private static ApiServerCase.Cause cause(Problem problem) {
    return new ApiServerCase.Cause(
        problem.field().orElse(""), problem.reason().toString(), problem.message());
  }
}
