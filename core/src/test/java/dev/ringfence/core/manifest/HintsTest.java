package dev.ringfence.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is said beside the server's words.
class HintsTest {
  private static String hint(String spec) {
    String text =
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\n"
            + "spec: "
            + spec
            + "\n";
    return ManifestsTest.read(text).problems().getFirst().hint().orElse("");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ingress: [{form: []}]} | did you mean `from`?",
        "{Egress: []} | did you mean `egress`?",
        "{egress: [{from: []}]} | `from` belongs to an item of `ingress`",
        "{egress: [{to: [{ports: []}]}]} | `ports` belongs to an item of `egress`",
        "{ingress: [{from: [{cidr: 10.0.0.0/8}]}]} | `cidr` belongs to `ipBlock`",
        "{podSelector: {app: web}} | labels belong below `matchLabels`",
        "{podSelector: {matchLabels: {a: on}}} | unquoted, `on` is true: write \"on\"",
        "{ingress: {from: []}} | a list is wanted: put `- ` before its first field",
        "{podSelector: []} | one object is wanted, not a list: leave out the `- `",
        "{ingress: [{ports: [{endPort: '80'}]}]} | a number is wanted, without quotes",
        "{egress: [{to: [{ipBlock: {cidr: any}}]}]} | everyone is 0.0.0.0/0 and ::/0",
        "{egress: [{to: [{ipBlock: {cidr: 10.0.0.1}}]}]} | one address is 10.0.0.1/32",
        "{egress: [{to: [{ipBlock: {cidr: 10.0.0.1/8}}]}]} | write 10.0.0.0/8 or 10.0.0.1/32",
        "{policyTypes: 7} | a list is wanted",
      })
  void saysWhatWasMeant(String spec, String expected) {
    assertThat(hint(spec)).isEqualTo(expected);
  }
}
