package dev.ringfence.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelSelectorTest {
  private static final Map<String, String> CRANE = Map.of("app", "crane", "empty", "");

  @Test
  void nothingRequiredMatchesEverything_S22() {
    assertThat(LabelSelector.EVERYTHING.matches(Map.of())).isTrue();
  }

  @Test
  void operatorsReadAbsentKeysAsTheStandardDoes_S23() {
    assertThat(one(new Requirement.NotIn("zone", List.of("dry")))).isTrue();
    assertThat(one(new Requirement.NotIn("app", List.of("crane")))).isFalse();
    assertThat(one(new Requirement.In("zone", List.of("dry")))).isFalse();
    assertThat(one(new Requirement.In("app", List.of("tug", "crane")))).isTrue();
    assertThat(one(new Requirement.Exists("empty"))).isTrue();
    assertThat(one(new Requirement.DoesNotExist("zone"))).isTrue();
    assertThat(one(new Requirement.DoesNotExist("empty"))).isFalse();
  }

  @Test
  void emptyIsNotAbsentAndCaseCounts_S24() {
    assertThat(one(new Requirement.Equal("empty", ""))).isTrue();
    assertThat(one(new Requirement.Equal("zone", ""))).isFalse();
    assertThat(one(new Requirement.Equal("App", "crane"))).isFalse();
  }

  @Test
  void contradictionsMatchNothing_S25() {
    LabelSelector both =
        new LabelSelector(
            List.of(
                new Requirement.In("app", List.of("crane")),
                new Requirement.NotIn("app", List.of("crane"))));
    assertThat(both.matches(CRANE)).isFalse();
    assertThat(both.matches(Map.of())).isFalse();
  }

  private static boolean one(Requirement requirement) {
    return new LabelSelector(List.of(requirement)).matches(CRANE);
  }
}
