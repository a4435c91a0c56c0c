package dev.ringfence.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// What is refused, with its place, and what is not because of it.
class RefusalTest {
  private static List<String> errors(String text) {
    return ManifestsTest.read(text).problems().stream()
        .filter(Problem::isError)
        .map(Problem::toString)
        .toList();
  }

  private static String policy(String spec) {
    return "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\n"
        + spec;
  }

  /// S142, S177, S186.
  @Test
  void everyDecodeErrorIsReportedWithIndicesAndPlace() {
    Loaded loaded =
        ManifestsTest.read(
            policy(
                """
                spec:
                  podSelector: {matchLabels: {v: 1}}
                  ingress:
                  - form: []
                    ports:
                    - port: 80
                    - port: true
                """));
    List<Problem> errors = loaded.problems().stream().filter(Problem::isError).toList();
    assertThat(errors.stream().map(Problem::toString))
        .containsExactly(
            "in.yaml:10:7: error: networkpolicy/shop/p spec.ingress[0].ports[1].port: json: cannot"
                + " unmarshal bool into Go struct field NetworkPolicyPort.spec.ingress.ports.port of"
                + " type int32",
            "in.yaml:5:31: error: networkpolicy/shop/p spec.podSelector.matchLabels: json: cannot"
                + " unmarshal number into Go struct field LabelSelector.spec.podSelector.matchLabels of"
                + " type string",
            "in.yaml:7:5: error: networkpolicy/shop/p spec.ingress[0].form: unknown field"
                + " \"spec.ingress[0].form\"");
    assertThat(errors.stream().map(Problem::server)).containsExactly(true, false, false);
  }

  /// S176, S185: also where only YAML 1.1 makes two keys one.
  @Test
  void duplicateKeysAreErrors() {
    assertThat(errors(policy("spec:\n  policyTypes: [Ingress]\n  policyTypes: [Egress]\n")))
        .containsExactly(
            "in.yaml:6:3: error: networkpolicy/shop/p spec.policyTypes: line 6: key \"policyTypes\""
                + " already set in map");
    assertThat(errors(policy("spec: {podSelector: {matchLabels: {yes: a, on: b}}}\n"))).hasSize(1);
    assertThat(errors(policy("spec: {podSelector: {matchLabels: {a: b, <<: {a: c}}}}\n")))
        .hasSize(1);
  }

  /// S179.
  @Test
  void oneOfOurKindsInAnotherVersionOrSpellingIsNotSkipped() {
    String document = "apiVersion: %s\nkind: %s\nmetadata: {name: a}\n";
    for (String versionAndKind :
        List.of(
            "extensions/v1beta1 NetworkPolicy",
            "v1 NetworkPolicy",
            "networking.k8s.io/v1beta1 NetworkPolicy",
            "networking.k8s.io/v1 networkpolicy",
            "networking.k8s.io/v1 NetworkPolicies",
            "networking.k8s.io/v1 NetPol",
            "policy.networking.k8s.io/v1alpha2 ClusterNetworkPolicy",
            "policy.networking.k8s.io/v1alpha1 AdminNetworkPolicy",
            "policy.networking.k8s.io/v1alpha1 BaselineAdminNetworkPolicy",
            "policy.networking.k8s.io/v1 Anything",
            "ringfence.dev/v2 Lab",
            "ringfence.dev/v1 Anything",
            "apps/v1beta2 Deployment")) {
      String[] parts = versionAndKind.split(" ", 2);
      assertThat(errors(document.formatted(parts[0], parts[1]))).as(versionAndKind).hasSize(1);
    }
    for (String foreign :
        List.of(
            "networking.k8s.io/v1 Ingress",
            "networking.k8s.io/v1 IngressClass",
            "serving.knative.dev/v1 Service",
            "projectcalico.org/v3 NetworkPolicy")) {
      String[] parts = foreign.split(" ", 2);
      assertThat(errors(document.formatted(parts[0], parts[1]))).as(foreign).isEmpty();
    }
    assertThat(errors("metadata: {name: a}\n")).hasSize(1);
    assertThat(errors("- a\n")).hasSize(1);
    assertThat(errors("kind: Pod\nmetadata: {name: a}\n")).hasSize(1);
  }

  /// As the server's YAML reader has it.
  @Test
  void bytesAreATextAndNumbersWithoutASignNoKeys() {
    assertThat(errors(policy("spec: {podSelector: {matchLabels: {a: !!binary YQ==}}}\n")))
        .isEmpty();
    assertThat(errors(policy("spec: {podSelector: {matchLabels: {a: !!binary a}}}\n")))
        .containsExactly("in.yaml:4:39: error: yaml: !!binary value contains invalid base64 data");
    assertThat(errors(policy("spec: {9223372036854775807: a}\n"))).hasSize(1);
    assertThat(errors(policy("spec: {9223372036854775808: a}\n")))
        .containsExactly("in.yaml:4:8: error: unsupported map key of type: uint64");
  }

  /// L56.
  @Test
  void theSameObjectTwiceIsAnErrorThatNamesTheFirst() {
    assertThat(errors(policy("") + "---\n" + policy("spec: {}\n")))
        .containsExactly(
            "in.yaml:5:1: error: networkpolicy/shop/p: networkpolicy/shop/p already exists, see"
                + " in.yaml:1:1");
  }

  /// L56.
  @Test
  void ofTwoWithOneNameTheFirstStays() {
    String pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {nodeName: %s}\n---\n";
    Loaded loaded = ManifestsTest.read(pod.formatted("one") + pod.formatted("two"));
    assertThat(loaded.refused()).isTrue();
    assertThat(loaded.snapshot().pods().firstEntry().getValue().node()).contains("one");
  }

  @Test
  void aBrokenDocumentLeavesTheOthersAlone() {
    Loaded loaded = ManifestsTest.read("a: [\n---\n" + policy("") + "---\n{\n---\nb: }\n");
    assertThat(loaded.read()).containsEntry("NetworkPolicy", 1);
    assertThat(
            loaded.problems().stream()
                .filter(Problem::isError)
                .map(one -> one.place().orElseThrow().line()))
        .containsExactly(2, 8, 9);
  }

  @Test
  void objectsInARowKeepTheirPlaces() {
    String pod =
        "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"%s\",\"namespace\":\"shop\"}}";
    Loaded loaded =
        ManifestsTest.read(
            pod.formatted("a") + pod.formatted("b") + "\n" + pod.formatted("c }\\\""));
    assertThat(loaded.read()).containsEntry("Pod", 3);
    assertThat(loaded.places().find("pod/shop/b", "")).contains(new Place("in.yaml", 1, 76));
    assertThat(loaded.problems().stream().filter(Problem::isError)).hasSize(1);
  }

  @Test
  void labelsOfEveryKindAreChecked() {
    String label = "{app: web shop}";
    String message =
        ": Invalid value: \"web shop\": a valid label must be an empty string or consist of";
    assertThat(errors("apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: " + label + "}\n"))
        .singleElement()
        .satisfies(one -> assertThat(one).contains("pod/default/a metadata.labels" + message));
    assertThat(
            errors(
                "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}],"
                    + " selector: "
                    + label
                    + "}\n"))
        .singleElement()
        .satisfies(one -> assertThat(one).contains("spec.selector" + message));
    assertThat(
            errors(
                "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {template:"
                    + " {metadata: {labels: "
                    + label
                    + "}}}\n"))
        .singleElement()
        .satisfies(one -> assertThat(one).contains("spec.template.labels" + message));
  }

  @Test
  void podsAreReadWithStrictTypes() {
    String pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\n";
    assertThat(errors(pod + "spec: {hostNetwork: \"true\"}\n")).hasSize(1);
    assertThat(errors(pod + "spec: {containers: [{ports: [{containerPort: 70000}]}]}\n"))
        .hasSize(1);
    assertThat(errors(pod + "spec: {containers: [{ports: [{containerPort: \"80\"}]}]}\n"))
        .hasSize(1);
    assertThat(errors(pod + "spec: {containers: [{ports: [{name: a}]}]}\n")).hasSize(1);
    assertThat(errors(pod + "status: {podIPs: [{ip: 10.1}]}\n")).hasSize(1);
    assertThat(errors(pod + "status: {phase: Sleeping}\n")).hasSize(1);
    assertThat(errors(pod + "spec: {somethingNew: {a: 1}}\n")).isEmpty();
    assertThat(errors("apiVersion: v1\nkind: Pod\nmetadata: {name: a/b}\n")).hasSize(1);
    assertThat(errors("apiVersion: v1\nkind: Pod\n")).hasSize(1);
  }
}
