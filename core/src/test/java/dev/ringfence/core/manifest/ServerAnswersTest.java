package dev.ringfence.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.model.NetworkPolicy;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the server answers to other questions than the strict creation of an object: lenient ones,
/// updates, older releases. Rules that no recorded answer shows stand here.
class ServerAnswersTest {
  private static final String HEAD =
      "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\n";

  private static final String SHOP =
      "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n";

  private static Reading reading(FieldValidation validation) {
    return new Reading(Admission.WRITTEN, Release.NEWEST, validation, Before.NOTHING, true);
  }

  private static Loaded load(String text, Reading reading) {
    return Manifests.read(List.of(SourceText.of("p.yaml", text)), reading);
  }

  private static Stream<Problem> server(Loaded loaded) {
    return loaded.problems().stream().filter(Problem::server);
  }

  private static List<String> said(String text, Reading reading) {
    return server(load(text, reading)).map(Problem::message).toList();
  }

  private static List<String> strict(String text) {
    return said(text, reading(FieldValidation.STRICT));
  }

  private static List<String> update(String before, String text) {
    Before old = Before.read(List.of(SourceText.of("old.yaml", before)));
    return said(
        text, new Reading(Admission.WRITTEN, Release.NEWEST, FieldValidation.STRICT, old, true));
  }

  private static String json(String spec) {
    return "{\"apiVersion\":\"networking.k8s.io/v1\",\"kind\":\"NetworkPolicy\","
        + "\"metadata\":{\"name\":\"p\",\"namespace\":\"shop\"},\"spec\":"
        + spec
        + "}";
  }

  /// The policy that is left, as the stored form of a spec.
  private static String stored(String spec) {
    Loaded loaded = load(json(spec), reading(FieldValidation.IGNORE));
    assertThat(server(loaded)).isEmpty();
    NetworkPolicy policy = loaded.policies().network().getFirst();
    return StoredForm.of(policy).toString();
  }

  @Test
  void aRepeatedYamlKeyIsNamedByTheLineOfItsValueInnermostFirst() {
    assertThat(
            strict(
                HEAD
                    + """
                    spec:
                      podSelector: {}
                    spec:
                      podSelector:
                        matchLabels: {a: b,
                          a: c}
                    """))
        .containsExactly(
            "line 9: key \"a\" already set in map", "line 7: key \"spec\" already set in map");
  }

  @Test
  void repeatedKeysOfOtherTypesArePrintedAsGoDoes() {
    assertThat(
            strict(HEAD + "spec: {podSelector: {matchLabels: {yes: a, on: b, 0x10: c, 16: d}}}\n"))
        .containsExactly(
            "line 4: key true already set in map", "line 4: key 16 already set in map");
  }

  @Test
  void keysThatOnlyMeetAsTextAreOurMistakeAlone() {
    Loaded loaded =
        load(
            HEAD + "spec: {podSelector: {matchLabels: {1_000: a, 1e3: b}}}\n",
            reading(FieldValidation.STRICT));
    assertThat(loaded.refused()).isTrue();
    assertThat(server(loaded)).isEmpty();
  }

  @Test
  void jsonNamesRepeatedAndUnknownFieldsInTheOrderOfTheTextOnce() {
    assertThat(
            strict(
                json(
                    "{\"x\":1,\"policyTypes\":[\"Ingress\"],\"policyTypes\":[],\"y\":2,\"x\":3,"
                        + "\"podSelector\":{\"matchLabels\":{\"a\":\"b\",\"a\":\"c\"}}}")))
        .containsExactly(
            "unknown field \"spec.x\"",
            "duplicate field \"spec.policyTypes\"",
            "unknown field \"spec.y\"",
            "duplicate field \"spec.podSelector.matchLabels.a\"");
  }

  @Test
  void jsonChecksTheTypesOfWhatIsReplacedToo() {
    assertThat(strict(json("{\"podSelector\":5,\"podSelector\":{}}")))
        .containsExactly(
            "json: cannot unmarshal number into Go struct field NetworkPolicySpec.spec.podSelector"
                + " of type v1.LabelSelector");
  }

  @Test
  void aPortThatCannotBeReadEndsTheReading() {
    assertThat(strict(HEAD + "spec: {ingress: [{from: x, ports: [{port: 1.5}]}]}\n"))
        .containsExactly(
            "json: cannot unmarshal number 1.5 into Go struct field"
                + " NetworkPolicyPort.spec.ingress.ports.port of type int32");
  }

  @Test
  void aKeyThatStandsThereThriceIsTwoMistakesOnOneLine() {
    assertThat(strict(HEAD + "spec: {egress: [], egress: [], egress: []}\n"))
        .containsExactly(
            "line 4: key \"egress\" already set in map",
            "line 4: key \"egress\" already set in map");
  }

  /// S184.
  @Test
  void whatIsExcludedFromNoCidrIsWarnedAboutAllTheSame() {
    String old =
        HEAD + "spec: {egress: [{to: [{ipBlock: {cidr: nope, except: [10.9.1.1/24]}}]}]}\n";
    assertThat(update(old, old))
        .containsExactly(
            "CIDR value \"10.9.1.1/24\" is ambiguous in this context (should be \"10.9.1.0/24\" or"
                + " \"10.9.1.1/32\"?)");
  }

  /// S144.
  @Test
  void anUpdateMayLeaveOutTheNamespace() {
    String old = HEAD.replace(", namespace: shop", ", namespace: ops");
    assertThat(update(old, HEAD.replace(", namespace: shop", ""))).isEmpty();
  }

  @Test
  void timestampsAreReadAsGoDoes() {
    String text = HEAD.replace("namespace", "creationTimestamp: %s, namespace");
    String start = "parsing time \"";
    String middle = "\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"";
    assertThat(strict(text.formatted("2026-01-02")))
        .containsExactly(start + "2026-01-02" + middle + "\" as \"T\"");
    assertThat(strict(text.formatted("'2026-13-02T00:00:00Z'")))
        .containsExactly(start + "2026-13-02T00:00:00Z\": month out of range");
    assertThat(strict(text.formatted("'2026-02-30T00:00:00Z'")))
        .containsExactly(start + "2026-02-30T00:00:00Z\": day out of range");
    assertThat(strict(text.formatted("'2026-02-03T00:00:00Zx'")))
        .containsExactly(start + "2026-02-03T00:00:00Zx\": extra text: \"x\"");
    assertThat(strict(text.formatted("'2026-02-03T00:00:00.123+01:00'"))).isEmpty();
    assertThat(strict(text.formatted("null"))).isEmpty();
  }

  @Test
  void repeatedJsonIsMergedAsTheServersReaderDoes() {
    assertThat(stored("{\"podSelector\":{\"matchLabels\":{\"a\":\"b\"}},\"podSelector\":null}"))
        .isEqualTo("{podSelector={matchLabels={a=b}}, policyTypes=[Ingress]}");
    assertThat(
            stored(
                "{\"podSelector\":{\"matchLabels\":{\"a\":\"b\"},\"matchLabels\":{\"c\":\"d\"}}}"))
        .isEqualTo("{podSelector={matchLabels={a=b, c=d}}, policyTypes=[Ingress]}");
    assertThat(stored("{\"egress\":[{}],\"egress\":null}"))
        .isEqualTo("{podSelector={}, policyTypes=[Ingress]}");
    assertThat(
            stored(
                "{\"ingress\":[{\"from\":[{\"podSelector\":{},\"podSelector\":null,"
                    + "\"namespaceSelector\":{}}]}]}"))
        .isEqualTo(
            "{ingress=[{from=[{namespaceSelector={}}]}], podSelector={}, policyTypes=[Ingress]}");
    assertThat(
            stored(
                "{\"ingress\":[{\"ports\":[{\"port\":80,\"protocol\":\"UDP\"},{\"port\":81}],"
                    + "\"ports\":[{\"port\":90}],\"ports\":[{},{}]}]}"))
        .isEqualTo(
            "{ingress=[{ports=[{port=90, protocol=UDP}, {port=81, protocol=TCP}]}],"
                + " podSelector={}, policyTypes=[Ingress]}");
  }

  /// Found by the fuzzer: without it the policy no longer isolated for egress (S14).
  @Test
  void aRuleThatIsNoneIsRefusedAndStillCounts() {
    for (String egress : List.of("[x]", "x", "[{}, 5]")) {
      Loaded loaded =
          load(HEAD + "spec: {egress: " + egress + "}\n", reading(FieldValidation.STRICT));
      assertThat(loaded.refused()).isTrue();
      NetworkPolicy policy = loaded.policies().network().getFirst();
      assertThat(policy.types()).hasSize(2);
      assertThat(policy.egress().getLast().peers().toString()).contains("Unreadable");
    }
  }

  @Test
  void aDroppedFieldIsOurErrorWhateverTheServerDoes() {
    String text = HEAD + "spec: {ingress: [{form: []}]}\n" + SHOP;
    Loaded warned = load(text, reading(FieldValidation.WARN));
    assertThat(warned.problems().stream().map(Problem::toString))
        .containsExactly(
            "p.yaml:4:19: warning: networkpolicy/shop/p spec.ingress[0].form: unknown field"
                + " \"spec.ingress[0].form\"",
            "p.yaml:4:19: error: networkpolicy/shop/p spec.ingress[0].form: unknown field"
                + " \"spec.ingress[0].form\": the server drops it");
    Loaded silent = load(text, reading(FieldValidation.IGNORE));
    assertThat(silent.refused()).isTrue();
    assertThat(server(silent)).isEmpty();
  }

  @Test
  void aRefusedObjectIsNotWarnedAbout() {
    assertThat(
            strict(HEAD + "spec: {ingress: [{from: [{ipBlock: {cidr: '2001:DB8::/32'}}, {}]}]}\n"))
        .containsExactly("Required value: must specify a peer");
  }

  @Test
  void equalMessagesAreSaidOnce() {
    Loaded loaded =
        load(
            HEAD + "spec: {podSelector: {matchLabels: {a: x y, b: x y}}}\n" + SHOP,
            reading(FieldValidation.STRICT));
    assertThat(loaded.problems()).hasSize(2);
    assertThat(server(loaded)).hasSize(1);
  }

  @Test
  void aVersionOfAnObjectToBeCreatedIsRefusedLast() {
    String text = HEAD.replace("namespace", "resourceVersion: '5', namespace");
    assertThat(strict(text))
        .containsExactly("resourceVersion should not be set on objects to be created");
    assertThat(strict(text + "spec: {policyTypes: [x]}\n"))
        .containsExactly("Unsupported value: \"x\": supported values: \"Ingress\", \"Egress\"");
    assertThat(said(text, Reading.of(Admission.WRITTEN))).isEmpty();
    assertThat(update(text, text)).isEmpty();
  }

  @Test
  void anUpdateOfAnotherStateOrObjectIsAConflict() {
    String old = HEAD.replace("namespace", "uid: a, resourceVersion: '5', namespace");
    assertThat(update(old, old.replace("'5'", "'4'") + "spec: {policyTypes: [x]}\n"))
        .containsExactly(
            "Operation cannot be fulfilled on networkpolicies.networking.k8s.io \"p\": the object has"
                + " been modified; please apply your changes to the latest version and try again");
    assertThat(update(old, old.replace("uid: a", "uid: b")).getFirst())
        .endsWith("UID in precondition: b, UID in object meta: a");
  }

  @Test
  void oneObjectUpdatesTheOtherWhateverItIsCalled() {
    String other = HEAD.replace("name: p", "name: q");
    assertThat(update(HEAD, other + "spec: {policyTypes: [x]}\n"))
        .containsExactly("the name of the object (q) does not match the name on the URL (p)");
    assertThat(update(HEAD, HEAD.replace("shop", "ops")))
        .containsExactly(
            "the namespace of the provided object does not match the namespace sent on the request");
    assertThat(update(HEAD, other + "---\n" + HEAD)).isEmpty();
  }

  @Test
  void anOldSubjectWithAnyMistakeExcusesValuesEverywhere() {
    String bad = "{matchExpressions: [{key: a, operator: In, values: [x y]}]}";
    String peer = HEAD + "spec: {ingress: [{from: [{podSelector: " + bad + "}]}]}\n";
    assertThat(update(peer, peer)).hasSize(1);
    assertThat(update(HEAD + "spec: {podSelector: {matchLabels: {a: x y}}}\n", peer)).isEmpty();
  }

  @Test
  void finalizersAreCheckedByNameThenByStandard() {
    assertThat(
            strict(
                HEAD.replace(
                    "namespace",
                    "finalizers: [plain, 'a b', orphan, foregroundDeletion], namespace")))
        .satisfiesExactly(
            first -> assertThat(first).startsWith("Invalid value: \"a b\": name part"),
            second ->
                assertThat(second)
                    .isEqualTo(
                        "Invalid value: [\"plain\",\"a b\",\"orphan\",\"foregroundDeletion\"]:"
                            + " finalizer orphan and foregroundDeletion cannot be both set"),
            third -> assertThat(third).startsWith("Invalid value: \"plain\": name is neither"),
            fourth -> assertThat(fourth).startsWith("Invalid value: \"a b\": name is neither"));
  }

  @Test
  void olderReleasesSayItInTheirWords() {
    String text =
        HEAD
            + "spec: {podSelector: {matchLabels: {a/b/c: d}}, ingress: [{from: [{ipBlock: {}},"
            + " {ipBlock: {cidr: 010.0.0.1/8}}], ports: [{port: 80, endPort: 79}]}]}\n";
    Reading old =
        new Reading(
            Admission.WRITTEN,
            Release.parse("1.33").orElseThrow(),
            FieldValidation.STRICT,
            Before.NOTHING,
            true);
    assertThat(said(text, old))
        .satisfiesExactly(
            first ->
                assertThat(first).startsWith("Invalid value: \"a/b/c\": a qualified name must"),
            second ->
                assertThat(second)
                    .isEqualTo("Invalid value: 80: must be greater than or equal to `port`"),
            third -> assertThat(third).isEqualTo("Required value"));
    assertThat(strict(text))
        .satisfiesExactly(
            first ->
                assertThat(first).startsWith("Invalid value: \"a/b/c\": a valid label key must"),
            second ->
                assertThat(second)
                    .isEqualTo("Invalid value: 79: must be greater than or equal to `port`"),
            third -> assertThat(third).contains("must not have leading 0s"),
            fourth -> assertThat(fourth).isEqualTo("Required value"));
  }

  @Test
  void releasesAreSpelledInSeveralWays() {
    assertThat(Release.parse("v1.36.3")).contains(new Release(36, 36));
    assertThat(Release.parse("1.32")).isEmpty();
    assertThat(Release.parse("1.99999999999")).isEmpty();
    assertThat(Release.parse("latest")).isEmpty();
  }

  @Test
  void itemsOfListsKeepTheirRepeatedKeys() {
    String item =
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, name: q}}";
    for (String list :
        List.of(
            "{apiVersion: v1, kind: List, items: [" + item + "]}",
            "{items: [" + item + "], apiVersion: v1, kind: List}",
            "{items: [{metadata: {name: p, name: q}}], apiVersion: networking.k8s.io/v1, kind: NetworkPolicyList}",
            "{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: List, items: ["
                + item
                + "]}]}")) {
      assertThat(strict(list)).as(list).containsExactly("line 1: key \"name\" already set in map");
    }
  }
}
