package dev.ringfence.core.compiled;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.model.LabelSelector;
import dev.ringfence.core.model.Requirement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What means the same reads the same; what does not, never.
class DefinitionTest {
  @Test
  void orderRepetitionAndSpellingDoNotMatter() {
    LabelSelector one = LabelSelector.labels(Map.of("app", "web", "tier", "front"));
    LabelSelector other =
        new LabelSelector(
            List.of(
                new Requirement.In("tier", List.of("front", "front")),
                new Requirement.Equal("app", "web"),
                new Requirement.In("app", List.of("web"))));
    assertThat(Definition.canonical(other)).isEqualTo(Definition.canonical(one));
    assertThat(text(other.requirements())).isEqualTo("app=web,tier=front");
  }

  @Test
  void textsOfDifferentSelectorsDiffer() {
    List<List<Requirement>> all =
        List.of(
            List.of(),
            List.of(new Requirement.In("k", List.of("a", "b"))),
            List.of(new Requirement.In("k", List.of("a,b"))),
            List.of(new Requirement.In("k", List.of("a\",\"b"))),
            List.of(new Requirement.In("k", List.of("a\\\",\\\"b"))),
            List.of(new Requirement.In("k", List.of())),
            List.of(new Requirement.In("k", List.of(""))),
            List.of(new Requirement.NotIn("k", List.of("a", "b"))),
            List.of(new Requirement.Exists("k")),
            List.of(new Requirement.DoesNotExist("k")),
            List.of(new Requirement.Exists("!k")),
            List.of(new Requirement.Exists("k in (a,b)")),
            List.of(new Requirement.Exists("a"), new Requirement.Exists("k")),
            List.of(new Requirement.Exists("a,k")));
    assertThat(all.stream().map(DefinitionTest::text)).doesNotHaveDuplicates();
  }

  private static String text(List<Requirement> requirements) {
    return Definition.text(Definition.canonical(new LabelSelector(requirements)));
  }
}
