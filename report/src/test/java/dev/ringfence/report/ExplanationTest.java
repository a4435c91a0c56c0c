package dev.ringfence.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.answer.Explainer;
import dev.ringfence.core.answer.Repairs;
import dev.ringfence.core.cluster.End;
import dev.ringfence.core.cluster.Ends;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.cluster.Pairs;
import dev.ringfence.core.manifest.Admission;
import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.core.manifest.Manifests;
import dev.ringfence.core.manifest.SourceText;
import dev.ringfence.core.model.Protocol;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// The document of `explain` is spelled as the formats say, and obeys its schema.
final class ExplanationTest {
  private static final Loaded LOADED =
      Manifests.read(
          List.of(
              new SourceText(
                  "db.yaml",
                  new ByteArrayInputStream(
                      """
                      {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
                      ---
                      {apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {role: web}}}
                      ---
                      {apiVersion: v1, kind: Pod, metadata: {name: db, namespace: shop, labels: {role: db}}}
                      ---
                      apiVersion: networking.k8s.io/v1
                      kind: NetworkPolicy
                      metadata: {name: db, namespace: shop}
                      spec:
                        podSelector: {matchLabels: {role: db}}
                        ingress:
                          - from:
                              - podSelector: {matchLabels: {role: api}}
                          - from:
                              - podSelector: {matchLabels: {role: web}}
                            ports: [{port: 9090}]
                      """
                          .getBytes(StandardCharsets.UTF_8)))),
          Admission.WRITTEN);

  private static String explained(Protocol protocol, OptionalInt port) throws Exception {
    Ends ends = new Ends(LOADED.snapshot());
    End from = ends.find("shop/web");
    End to = ends.find("shop/db");
    Flow flow = new Pairs(LOADED.snapshot()).flows(from, to, protocol, port).getFirst();
    var explained = new Explainer(LOADED.policies(), LOADED.snapshot()).explain(flow);
    var repair = new Repairs(LOADED.policies(), LOADED.snapshot()).of(flow);
    var documents = new Explanations(LOADED.places(), "shop/pod/web", "shop/pod/db");
    return Json.line(documents.of(explained, repair, protocol.toString()));
  }

  @Test
  void aDenialNamesWhatDiffersAndTheFix() throws Exception {
    String line = explained(Protocol.TCP, OptionalInt.of(5432));
    assertThat(line)
        .startsWith(
            "{\"apiVersion\":\"ringfence.dev/v1\",\"kind\":\"Explanation\",\"from\":\"shop/pod/web\","
                + "\"to\":\"shop/pod/db\",\"protocol\":\"TCP\",\"port\":5432,\"allowed\":false,"
                + "\"sentence\":\"shop/pod/web may not open TCP 5432 to shop/pod/db: ")
        .contains(
            "\"egress\":{\"verdict\":\"not-isolated\"},\"ingress\":{\"verdict\":\"denied\","
                + "\"isolatedBy\":[{\"policy\":\"networkpolicy/shop/db\",\"file\":\"db.yaml\",\"line\":7}],"
                + "\"decidedBy\":null,\"nearMisses\":[")
        .contains(
            "{\"policy\":\"networkpolicy/shop/db\",\"rule\":0,\"peer\":0,\"port\":null,"
                + "\"file\":\"db.yaml\",\"line\":14,\"differs\":[{\"what\":\"podLabel\","
                + "\"key\":\"role\",\"wants\":\"api\",\"has\":\"web\"}]}")
        .contains("\"differs\":[{\"what\":\"port\",\"wants\":\"9090\",\"has\":\"5432\"}]")
        .contains("\"smallestFix\":{\"text\":\"")
        .contains("\"opens\":0");
    Schemas.check("explanation", line);
  }

  @Test
  void anAllowedOneNamesTheRule() throws Exception {
    String line = explained(Protocol.TCP, OptionalInt.of(9090));
    assertThat(line)
        .contains(
            "\"decidedBy\":{\"policy\":\"networkpolicy/shop/db\",\"rule\":1,\"peer\":0,\"port\":0,"
                + "\"file\":\"db.yaml\",\"line\":16,\"differs\":[],\"action\":\"Allow\","
                + "\"tier\":\"NetworkPolicy\"}}")
        .doesNotContain("nearMisses");
    Schemas.check("explanation", line);
    Schemas.check("explanation", explained(Protocol.OTHER, OptionalInt.empty()));
  }

  @Test
  void allPortsAreSummarised() throws Exception {
    Flow flow =
        new Pairs(LOADED.snapshot())
            .flows(
                new Ends(LOADED.snapshot()).find("shop/web"),
                new Ends(LOADED.snapshot()).find("shop/db"),
                Protocol.OTHER,
                OptionalInt.empty())
            .getFirst();
    var parts =
        new Explainer(LOADED.policies(), LOADED.snapshot())
            .byPorts(flow.from(), flow.to(), flow.viaService());
    String line =
        Json.line(new Explanations(LOADED.places(), "shop/pod/web", "shop/pod/db").of(parts, flow));
    assertThat(line)
        .contains(
            "\"sentence\":\"shop/pod/web may open TCP 9090 of shop/pod/db, and nothing else.\"")
        .contains(
            "{\"all\":false,\"ports\":[{\"protocol\":\"TCP\",\"port\":9090}],\"allowed\":true,");
    Schemas.check("explanation", line);
  }
}
