package dev.ringfence.lab.api.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Selectors of labels and fields, and how ages are written.
final class QueryTest {
  private static final Map<String, String> LABELS =
      Map.of("app", "web", "tier", "front", "size", "7", "empty", "");

  private static boolean matches(String query) {
    return LabelQuery.parse(query).matches(LABELS);
  }

  @Test
  void everyOperatorHasItsMeaning() {
    assertThat(
            List.of(
                "",
                "app",
                "!old",
                "app=web",
                "app==web,tier = front",
                "app!=db",
                "old!=x",
                "app in (db, web)",
                "app notin (db),tier",
                "old notin (x)",
                "size>6,size<8",
                "empty="))
        .allMatch(QueryTest::matches);
    assertThat(
            List.of(
                "!app",
                "old",
                "app=db",
                "app!=web",
                "app in (db)",
                "app notin (web,db)",
                "size>7",
                "size<7",
                "app>1",
                "app=web,tier=back"))
        .noneMatch(QueryTest::matches);
  }

  @Test
  void whatIsNoQueryIsRefused() {
    for (String text : List.of(",", "a,", "a b", "=x", "a in b", "a in (b", "!", "a>x", "a=b=c")) {
      assertThatThrownBy(() -> LabelQuery.parse(text)).as(text).isInstanceOf(ApiError.class);
    }
  }

  @Test
  void selectorIsWrittenAsColumnsHaveIt() {
    String selector =
        "{\"matchLabels\":{\"b\":\"1\"},\"matchExpressions\":["
            + "{\"key\":\"c\",\"operator\":\"In\",\"values\":[\"y\",\"x\"]},"
            + "{\"key\":\"a\",\"operator\":\"DoesNotExist\"}]}";
    assertThat(LabelQuery.of(Json.read(selector)).toString()).isEqualTo("!a,b=1,c in (x,y)");
  }

  @Test
  void fieldsOfAKindSelectIt() {
    var pod =
        Json.read(
            "{\"metadata\":{\"name\":\"web\"},\"spec\":{\"nodeName\":\"n1\"},"
                + "\"status\":{\"phase\":\"Running\"}}");
    assertThat(FieldQuery.parse(Kinds.POD, "metadata.name=web,spec.nodeName==n1").matches(pod))
        .isTrue();
    assertThat(FieldQuery.parse(Kinds.POD, "status.phase!=Running").matches(pod)).isFalse();
    assertThatThrownBy(() -> FieldQuery.parse(Kinds.NETWORK_POLICY, "spec.nodeName=x"))
        .isInstanceOf(ApiError.class)
        .hasMessageContaining("field label not supported: spec.nodeName");
  }

  @Test
  void agesAreShort() {
    Map<Long, String> shown =
        Map.of(
            0L,
            "0s",
            119L,
            "119s",
            190L,
            "3m10s",
            600L,
            "10m",
            3 * 3600L,
            "3h",
            3 * 3600L + 120,
            "3h2m",
            50 * 3600L,
            "2d2h",
            20 * 86_400L,
            "20d",
            800 * 86_400L,
            "2y70d");
    shown.forEach(
        (seconds, text) -> assertThat(Ages.shown(Duration.ofSeconds(seconds))).isEqualTo(text));
  }
}
