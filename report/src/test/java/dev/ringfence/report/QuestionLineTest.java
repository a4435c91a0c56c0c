package dev.ringfence.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Lines of a batch: what is asked, and what is refused with its question kept.
final class QuestionLineTest {
  @Test
  void unknownKeysAreIgnoredAndTheIdIsKept() throws Exception {
    String text = "{\"id\":[7,\"x\"],\"from\":\"a/b\",\"to\":\"10.0.0.1\",\"port\":80,\"why\":{}}";
    assertThat(QuestionLine.read(text))
        .isEqualTo(
            new QuestionLine.Asked(
                new Question(Json.read("[7,\"x\"]"), "a/b", "10.0.0.1", "TCP", 80)));
    Schemas.check("question", text);
  }

  @Test
  void aQuestionWithoutPortIsReadAsItStands() {
    assertThat(QuestionLine.read("{\"from\":\"a/b\",\"to\":\"a/c\",\"protocol\":\"ICMP\"}"))
        .isEqualTo(new QuestionLine.Asked(new Question(null, "a/b", "a/c", "ICMP", null)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "[1]",
        "{\"from\":\"a/b\"",
        "{\"from\":\"a/b\"}",
        "{\"from\":1,\"to\":\"a/b\",\"port\":80}",
        "{\"from\":\"a/b\",\"to\":\"a/c\",\"port\":\"80\"}",
        "{\"from\":\"a/b\",\"to\":\"a/c\",\"port\":80.5}",
        "{\"from\":\"a/b\",\"to\":\"a/c\",\"port\":99999999999}",
        "{\"from\":\"a/b\",\"to\":\"a/c\",\"protocol\":6,\"port\":80}",
        "{\"from\":\"a/b\",\"to\":\"a/c\",\"port\":80} {}"
      })
  void whatAsksNothingGivesAnErrorLine(String text) throws Exception {
    if (QuestionLine.read(text) instanceof QuestionLine.Refused(var error)) {
      Schemas.check("query-answer", Json.line(error));
    } else {
      throw new AssertionError("was read as a question: " + text);
    }
  }

  @Test
  void anErrorLineKeepsTheQuestion() {
    String text = "{\"id\":3,\"from\":\"a/b\",\"to\":\"a/c\",\"port\":\"http\"}";
    if (QuestionLine.read(text) instanceof QuestionLine.Refused(var error)) {
      assertThat(Json.line(error))
          .isEqualTo(
              "{\"id\":3,\"from\":\"a/b\",\"to\":\"a/c\",\"port\":\"http\","
                  + "\"error\":\"port: must be a number from 1 to 65535\"}");
    } else {
      throw new AssertionError("was read as a question: " + text);
    }
  }
}
