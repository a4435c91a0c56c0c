package dev.ringfence.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Metadata as the server judges it where no recorded answer shows it. The words are those of
/// <https://github.com/kubernetes/apimachinery/blob/v0.37.2/pkg/api/validation/objectmeta.go>, of
/// <https://github.com/kubernetes/apiserver/blob/v0.37.2/pkg/endpoints/handlers/rest.go> and of
/// <https://github.com/kubernetes/apiserver/blob/v0.37.2/pkg/registry/generic/registry/store.go>; a
/// server's decoding and validation of these very texts was run to compare.
class MetadataAnswersTest {
  private static String policy(String metadata) {
    return "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop"
        + metadata
        + "}\n";
  }

  private static Loaded load(String text, Before before) {
    Reading reading =
        new Reading(Admission.WRITTEN, Release.NEWEST, FieldValidation.STRICT, before, true);
    return Manifests.read(List.of(SourceText.of("p.yaml", text)), reading);
  }

  private static List<String> said(Loaded loaded, boolean errors) {
    return loaded.problems().stream()
        .filter(one -> one.server() && one.isError() == errors)
        .map(one -> one.field().orElse("") + ": " + one.message())
        .toList();
  }

  private static List<String> errors(String metadata) {
    return said(load(policy(metadata), Before.NOTHING), true);
  }

  private static List<String> update(String old, String written) {
    Before before = Before.read(List.of(SourceText.of("old.yaml", policy(old))));
    return said(load(policy(written), before), true);
  }

  @Test
  void anOwnerThatStandsThereTwiceIsDroppedWithAWarning() {
    String owner = "{apiVersion: v1, kind: Pod, name: a, uid: '1', controller: true}";
    Loaded loaded =
        load(policy(", ownerReferences: [" + owner + ", " + owner + "]"), Before.NOTHING);
    assertThat(loaded.refused()).isFalse();
    assertThat(said(loaded, false))
        .containsExactly(
            "metadata.ownerReferences: .metadata.ownerReferences contains duplicate entries; API"
                + " server dedups owner references in 1.20+, and may reject such requests as early"
                + " as 1.24; please fix your requests; duplicate UID(s) observed: 1");
  }

  @Test
  void ownersNeedAVersionAndAreNoEvents() {
    assertThat(
            errors(
                ", ownerReferences: [{apiVersion: a/b/c, kind: X, name: x, uid: u}, {apiVersion: v1,"
                    + " kind: Event, name: <e>, uid: u}]"))
        .containsExactly(
            "metadata.ownerReferences[0].apiVersion: Invalid value: \"a/b/c\": must be"
                + " <group>/<version> or <version>",
            "metadata.ownerReferences[1]: Invalid value:"
                + " {\"apiVersion\":\"v1\",\"kind\":\"Event\",\"name\":\"\\u003ce\\u003e\",\"uid\":\"u\"}:"
                + " /v1, Kind=Event is disallowed from being an owner");
  }

  @Test
  void whatAnOwnerLacksIsPrintedEmpty() {
    assertThat(
            errors(", ownerReferences: [{uid: a, controller: true}, {uid: b, controller: true}]")
                .getLast())
        .isEqualTo(
            "metadata.ownerReferences: Invalid value:"
                + " [{\"apiVersion\":\"\",\"kind\":\"\",\"name\":\"\",\"uid\":\"a\",\"controller\":true},"
                + "{\"apiVersion\":\"\",\"kind\":\"\",\"name\":\"\",\"uid\":\"b\",\"controller\":true}]: Only"
                + " one reference can have Controller set to true. Found \"true\" in references for"
                + " / and /");
  }

  @Test
  void aVersionThatIsNoNumberOrZeroDoesNotMatterToACreation() {
    assertThat(errors(", resourceVersion: '0'")).isEmpty();
    assertThat(errors(", resourceVersion: abc")).isEmpty();
    assertThat(errors(", resourceVersion: '007'")).hasSize(1);
  }

  @Test
  void anUpdateNeedsTheVersionThatIsThere() {
    String at5 = ", resourceVersion: '5'";
    assertThat(update(at5, at5)).isEmpty();
    assertThat(update(at5, ", resourceVersion: '05'")).isEmpty();
    assertThat(update(at5, ", resourceVersion: '0'")).isEmpty();
    assertThat(update(at5, ", resourceVersion: '4'").getFirst())
        .contains("the object has been modified; please apply your changes to the latest version");
    assertThat(update("", at5)).as("the server has chosen one").hasSize(1);
    assertThat(update(at5, ", resourceVersion: abc"))
        .containsExactly(
            "metadata.resourceVersion: strconv.ParseUint: parsing \"abc\": invalid syntax");
    assertThat(update(at5, ", resourceVersion: '99999999999999999999'"))
        .containsExactly(
            "metadata.resourceVersion: strconv.ParseUint: parsing \"99999999999999999999\": value"
                + " out of range");
  }

  @Test
  void anUpdateLooksAtNamesOnlyAsPartsOfAnAddress() {
    assertThat(update("", ", generateName: Bad_")).isEmpty();
    assertThat(update("", ", generateName: a/b%"))
        .containsExactly(
            "metadata.generateName: Invalid value: \"a/b%\": may not contain '/'",
            "metadata.generateName: Invalid value: \"a/b%\": may not contain '%'");
  }

  @Test
  void thePrefixOfANameLosesTwoCharactersForOneLetter() {
    String text = policy("").replace("name: p", "generateName: A-");
    assertThat(said(load(text, Before.NOTHING), true))
        .singleElement()
        .satisfies(one -> assertThat(one).startsWith("metadata.name: Invalid value: \"A-"));
  }

  @Test
  void newFinalizersOfADyingObjectComeBeforeTheirOtherMistakes() {
    assertThat(update(", deletionTimestamp: 2024-01-31T10:00:00Z", ", finalizers: [plain]"))
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .endsWith(
                        "Forbidden: no new finalizers can be added if the object is being deleted,"
                            + " found new finalizers []string{\"plain\"}"),
            second -> assertThat(second).contains("neither a standard finalizer name"));
  }

  @Test
  void noNamespaceHasSuchAName() {
    Loaded loaded =
        load(policy("").replace("shop", "Shop") + "spec: {policyTypes: [x]}\n", Before.NOTHING);
    assertThat(loaded.refused()).isTrue();
    assertThat(said(loaded, true))
        .singleElement()
        .satisfies(one ->
            assertThat(one)
                .startsWith(
                    "metadata.namespace: namespaces \"Shop\" not found: a lowercase RFC 1123 label"));
    String dots = "apiVersion: v1\nkind: Namespace\nmetadata: {name: a.b}\n";
    assertThat(said(load(dots, Before.NOTHING), true))
        .containsExactly("metadata.name: Invalid value: \"a.b\": must not contain dots");
  }

  @Test
  void anObjectWithoutKindOrVersionIsCheckedAsWhatItLooksLike() {
    String spec = "spec: {podSelector: {}, policyTypes: [x]}\n";
    for (String missing : List.of("kind: NetworkPolicy\n", "apiVersion: networking.k8s.io/v1\n")) {
      Loaded loaded = load(policy("").replace(missing, "") + spec, Before.NOTHING);
      assertThat(loaded.problems().getFirst().message()).endsWith(" not set");
      assertThat(said(loaded, true)).hasSize(1);
    }
    assertThat(
            said(
                load(policy("").replace("networking.k8s.io/v1", "1.0") + spec, Before.NOTHING),
                true))
        .containsExactly(
            "apiVersion: couldn't get version/kind; json parse error: json: cannot unmarshal number"
                + " into Go struct field .apiVersion of type string");
  }

  @Test
  void valuesOfTypesOfTheirOwnArePrintedAsJson() {
    String spec =
        "spec: {podSelector: {matchExpressions: [{key: a, operator: '<', values: [b]}]},"
            + " ingress: [{ports: [{protocol: \"T\\u2028&\"}]}]}\n";
    assertThat(said(load(policy("") + spec, Before.NOTHING), true))
        .containsExactly(
            "spec.podSelector.matchExpressions[0].operator: Invalid value: \"\\u003c\": not a valid"
                + " selector operator",
            "spec.ingress[0].ports[0].protocol: Unsupported value: \"T\\u2028\\u0026\": supported"
                + " values: \"TCP\", \"UDP\", \"SCTP\"");
  }

  /// S179: what only a slip makes a group of its own is not skipped.
  @Test
  void aMistypedGroupIsNotForeign() {
    for (String version :
        List.of(
            "networking.k8s.oi/v1",
            "networking/v1",
            "network.k8s.io/v1",
            "networking.k8s.io",
            "networking.k8s.io/v1/v1",
            "networking.k8s.io/V1",
            "netwroking.k8s.io/v1")) {
      String text = policy("").replace("networking.k8s.io/v1", version);
      assertThat(load(text, Before.NOTHING).refused()).as(version).isTrue();
    }
    for (String version : List.of("projectcalico.org/v3", "crd.antrea.io/v1beta1")) {
      String text = policy("").replace("networking.k8s.io/v1", version);
      assertThat(load(text, Before.NOTHING).problems()).as(version).isEmpty();
    }
  }
}
