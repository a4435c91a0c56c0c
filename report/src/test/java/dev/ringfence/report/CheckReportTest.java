package dev.ringfence.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.manifest.Admission;
import dev.ringfence.core.manifest.Manifests;
import dev.ringfence.core.manifest.SourceText;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What `check` writes is spelled as the formats say, and obeys its schema.
final class CheckReportTest {
  private static String of(String... files) {
    List<SourceText> texts = List.of(files).stream().map(text -> SourceText.of("a", text)).toList();
    return Json.line(CheckReport.of(Manifests.read(texts, Admission.WRITTEN)));
  }

  @Test
  void aProblemHasItsPlaceItsFieldAndTheServersWords() throws IOException {
    String report =
        of(
            """
            kind: NetworkPolicy
            apiVersion: networking.k8s.io/v1
            metadata: {name: db, namespace: shop}
            spec: {ingress: [{ports: [{port: 80, endPort: 79}]}]}
            ---
            {apiVersion: v1, kind: ConfigMap, metadata: {name: c}}
            ---
            {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
            """);
    assertThat(report)
        .isEqualTo(
            "{\"apiVersion\":\"ringfence.dev/v1\",\"kind\":\"CheckReport\",\"problems\":["
                + "{\"severity\":\"error\",\"file\":\"a\",\"line\":4,\"column\":38,"
                + "\"resource\":\"networkpolicy/shop/db\","
                + "\"field\":\"spec.ingress[0].ports[0].endPort\",\"reason\":\"FieldValueInvalid\","
                + "\"message\":\"Invalid value: 79: must be greater than or equal to `port`\","
                + "\"server\":true}],"
                + "\"read\":{\"Namespace\":1,\"NetworkPolicy\":1},\"skipped\":{\"ConfigMap\":1}}");
    Schemas.check("check-report", report);
  }

  @Test
  void whatCannotBeReadHasNoFieldAndNoObject() throws IOException {
    String report = of("a: [", "");
    assertThat(report).contains("\"resource\":null,\"field\":null,\"reason\":\"BadRequest\"");
    Schemas.check("check-report", report);
    Schemas.check("check-report", of(""));
  }
}
