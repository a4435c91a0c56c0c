package dev.ringfence.core.cases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.manifest.Loaded;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every case of the catalogue against `check`, the evaluator and the compiled policy; packets try
/// the same in `e2e`.
class CatalogueTest {
  static Stream<CatalogueCase> cases() {
    return Catalogue.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void isAnsweredAsWritten(CatalogueCase one) {
    for (Step step : one.steps()) {
      Loaded loaded = step.load();
      assertThat(Step.said(loaded)).as("what check says of %s", one).isEqualTo(step.said());
      assertThat(wrong(step, loaded)).as(one.toString()).isEmpty();
    }
    Optional<CatalogueCase> twin = Catalogue.twin(one.number());
    for (Step step : twin.map(CatalogueCase::steps).orElse(List.of())) {
      assertThat(wrong(step, step.load())).as("%s over IPv6", one).isEmpty();
    }
  }

  private static List<String> wrong(Step step, Loaded loaded) {
    List<String> out = new ArrayList<>();
    if (step.asked().isEmpty()) {
      return out;
    }
    assertThat(loaded.refused()).as("cannot ask: %s", loaded.problems()).isFalse();
    Answers answers = new Answers(loaded.policies(), loaded.snapshot());
    for (Asked asked : step.asked()) {
      Optional<Flow> flow = asked.flow(loaded.snapshot());
      if (flow.isPresent() && answers.allowed(flow.get()) != asked.verdict().allowed()) {
        out.add(asked.line() + ", but " + answers.decision(flow.get()));
      }
    }
    return out;
  }
}
