package dev.ringfence.core.manifest;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringfence.core.model.NetworkPolicy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The oracle notices: what one text opens, held against another that opens less.
class AsWrittenTest {
  private static String policy(String spec) {
    return "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, spec: {"
        + spec
        + "}}";
  }

  private static NetworkPolicy read(String spec) {
    return Manifests.read(List.of(SourceText.of("in", policy(spec))), Admission.WRITTEN)
        .policies()
        .network()
        .getFirst();
  }

  private static Tree.Mapping tree(String spec) {
    List<Tree> out = new ArrayList<>();
    Texts.read(
        SourceText.of("in", policy(spec)),
        document -> out.add(document.root()),
        broken -> {
          throw broken;
        },
        () -> true);
    return (Tree.Mapping) out.getFirst();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ingress: [{}]                                  | ingress: []
          ingress: [{}]                                  | ingress: [{from: [{podSelector: {}}]}]
          ingress: [{}]                                  | ingress: [{ports: [{port: 80}]}]
          ingress: [{ports: [{port: 80}]}]               | ingress: [{ports: [{port: 81}]}]
          ingress: [{ports: [{port: 80, endPort: 90}]}]  | ingress: [{ports: [{port: 80}]}]
          ingress: [{ports: [{}]}]                       | ingress: [{ports: [{port: 80}]}]
          ingress: [{ports: [{protocol: UDP}]}]          | ingress: [{ports: [{}]}]
          podSelector: {}                                | podSelector: {matchLabels: {a: b}}
          policyTypes: [Egress]                          | policyTypes: [Ingress, Egress]
          egress: []                                     | egress: [{}]
          egress: [{to: [{podSelector: {}}]}]            | egress: [{to: [{podSelector: {matchLabels: {a: b}}}]}]
          egress: [{to: [{podSelector: {}}]}]            | egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]
          egress: [{to: [{podSelector: {}, namespaceSelector: {}}]}] | egress: [{to: [{podSelector: {}}]}]
          egress: [{to: [{namespaceSelector: {}}]}]      | egress: [{to: [{podSelector: {}}]}]
          egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}] | egress: [{to: [{ipBlock: {cidr: 10.0.0.0/16}}]}]
          egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}] | egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]
          """)
  void whatOpensMoreIsFoundOut(String wider, String written) {
    assertThatCode(() -> AsWritten.check(read(wider), tree(wider))).doesNotThrowAnyException();
    assertThatThrownBy(() -> AsWritten.check(read(wider), tree(written)))
        .isInstanceOf(AssertionError.class);
  }
}
