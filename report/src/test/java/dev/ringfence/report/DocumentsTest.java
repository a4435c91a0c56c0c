package dev.ringfence.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Each document is spelled as the formats say, and obeys its schema.
final class DocumentsTest {
  @Test
  void anAnswerKeepsItsKeysInOrderAndLeavesOutWhatItHasNot() throws Exception {
    String line =
        Json.line(
            new QueryAnswer(
                null,
                "shop/pod/web-1",
                "shop/pod/api-1",
                "TCP",
                8080,
                true,
                "allowed",
                "not-isolated",
                "IPv4",
                "defined",
                null));
    assertThat(line)
        .isEqualTo(
            "{\"from\":\"shop/pod/web-1\",\"to\":\"shop/pod/api-1\",\"protocol\":\"TCP\","
                + "\"port\":8080,\"allowed\":true,\"egress\":\"allowed\","
                + "\"ingress\":\"not-isolated\",\"family\":\"IPv4\",\"certainty\":\"defined\"}");
    Schemas.check("query-answer", line);
  }

  @Test
  void anAnswerToICMPHasNoPortAndNamesBackends() throws Exception {
    String line =
        Json.line(
            new QueryAnswer(
                Json.read("{\"n\":[1]}"),
                "a/pod/a",
                "10.96.0.1",
                "ICMP",
                null,
                false,
                "not-isolated",
                "denied",
                null,
                "implementation",
                List.of("a/pod/b", "a/pod/c")));
    assertThat(line)
        .isEqualTo(
            "{\"id\":{\"n\":[1]},\"from\":\"a/pod/a\",\"to\":\"10.96.0.1\",\"protocol\":\"ICMP\","
                + "\"allowed\":false,\"egress\":\"not-isolated\",\"ingress\":\"denied\","
                + "\"certainty\":\"implementation\",\"backends\":[\"a/pod/b\",\"a/pod/c\"]}");
    Schemas.check("query-answer", line);
  }

  @Test
  void aProbeReportCountsDifferencesAndWritesANullPacket() throws IOException {
    var same = probe("allowed", "allowed");
    var other = probe("denied", "allowed");
    var unsent = probe("denied", null);
    assertThat(ProbeReport.of("kernel", List.of(same, other)).different()).isEqualTo(1);
    String line = Json.line(ProbeReport.of("evaluator", List.of(unsent)));
    assertThat(line)
        .isEqualTo(
            "{\"apiVersion\":\"ringfence.dev/v1\",\"kind\":\"ProbeReport\","
                + "\"dataplane\":\"evaluator\",\"probes\":[{\"from\":\"a/pod/a\",\"to\":\"a/pod/b\","
                + "\"protocol\":\"UDP\",\"port\":53,\"family\":\"IPv6\",\"answer\":\"denied\","
                + "\"packet\":null}],\"different\":0}");
    Schemas.check("probe-report", line);
    Schemas.check("probe-report", Json.line(ProbeReport.of("kernel", List.of(same, other))));
  }

  @Test
  void aChaosReportObeysItsSchema() throws IOException {
    var before = new ChaosReport.Answer(3, "denied", "coming in denied by networkpolicy/a/b");
    var after = new ChaosReport.Answer(4, "denied", "going out denied by networkpolicy/a/c");
    var wrong =
        new ChaosReport.Wrong(
            "a/pod/a",
            "outside",
            "TCP",
            80,
            "IPv4",
            "allowed",
            1250,
            "TCP, the first of a connection",
            before,
            after,
            "a/a is relabelled");
    var report =
        new ChaosReport(
            "ringfence.dev/v1", "ChaosReport", 7, 4, 9, 100, 1, 0, 0, 12, "a/a", List.of(wrong));
    String line = Json.line(report);
    assertThat(line).startsWith("{\"apiVersion\":\"ringfence.dev/v1\",\"kind\":\"ChaosReport\",");
    Schemas.check("chaos-report", line);
  }

  @Test
  void anAgentLineReadsBack() throws Exception {
    var line = new AgentLine(7, "node-1", 100, 20_000, 10_000, 1, 0, 84, 31, 0, "equal", "b1");
    String text = Json.line(line);
    assertThat(text)
        .isEqualTo(
            "{\"generation\":7,\"node\":\"node-1\",\"localPods\":100,\"pods\":20000,"
                + "\"policies\":10000,\"elementsAdded\":1,\"elementsDeleted\":0,"
                + "\"compileMicros\":84,\"kernelMicros\":31,\"unguarded\":0,\"proof\":\"equal\","
                + "\"boot\":\"b1\"}");
    Schemas.check("agent-line", text);
    assertThat(Json.read(text, AgentLine.class)).isEqualTo(line);
  }

  @Test
  void whatIsNotADocumentSaysSo() {
    assertThatThrownBy(() -> Json.read("{\"generation\":\"x\"}", AgentLine.class))
        .isInstanceOf(Json.Unreadable.class)
        .hasMessageStartingWith("not a AgentLine");
    assertThatThrownBy(() -> Json.read("{} {}")).isInstanceOf(Json.Unreadable.class);
    assertThatThrownBy(() -> Json.read("")).isInstanceOf(Json.Unreadable.class);
  }

  private static ProbeReport.Probe probe(String answer, @Nullable String packet) {
    return new ProbeReport.Probe("a/pod/a", "a/pod/b", "UDP", 53, "IPv6", answer, packet);
  }
}
