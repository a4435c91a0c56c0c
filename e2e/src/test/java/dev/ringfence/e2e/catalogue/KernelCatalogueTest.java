package dev.ringfence.e2e.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringfence.core.cases.Answers;
import dev.ringfence.core.cases.Catalogue;
import dev.ringfence.core.cases.CatalogueCase;
import dev.ringfence.core.cases.Step;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.compiled.Changes;
import dev.ringfence.core.compiled.CompiledPolicy;
import dev.ringfence.core.compiled.PolicyEngine;
import dev.ringfence.core.manifest.Loaded;
import dev.ringfence.core.model.Policies;
import dev.ringfence.e2e.Volley;
import dev.ringfence.e2e.wire.NeedsKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every case of the catalogue: packets go where it says, and evaluator and compiled policy agree.
@ExtendWith(NeedsKernel.class)
@TestInstance(Lifecycle.PER_CLASS)
final class KernelCatalogueTest {
  private final Ground ground;

  KernelCatalogueTest() throws Exception {
    ground = new Ground();
  }

  @AfterAll
  void close() throws Exception {
    ground.close();
  }

  /// A case and the same over IPv6, unless the case itself is about a family.
  record Played(CatalogueCase written, Optional<CatalogueCase> twin, Optional<String> excuse) {
    List<CatalogueCase> both() {
      return Stream.concat(Stream.of(written), twin.stream()).toList();
    }

    @Override
    public String toString() {
      return written + " [" + excuse.map(why -> "no packet: " + why).orElseGet(this::over) + "]";
    }

    private String over() {
      return twin.isPresent() ? "kernel, IPv4+IPv6" : "kernel, families as written";
    }
  }

  static Stream<Played> cases() {
    return Catalogue.all()
        .map(one ->
            new Played(one, Catalogue.twin(one.number()), NotForPackets.reason(one.number())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void packetsGoWhereItSays(Played one) throws Exception {
    if (one.excuse().isPresent()) {
      assertFalse(one.written().hasProbes(), () -> "has probes, so it needs no excuse: " + one);
      return;
    }
    assertTrue(one.written().hasProbes(), () -> "neither probes nor an excuse: " + one);
    for (CatalogueCase each : one.both()) {
      play(each);
    }
  }

  /// What is denied could arrive; else a packet that went astray would count as dropped.
  @Test
  void withoutTablesEveryPacketArrives() throws Exception {
    ground.enforceNothing();
    List<Sent> all = new ArrayList<>();
    for (Played one : cases().toList()) {
      for (CatalogueCase each : one.both()) {
        for (Step step : each.steps()) {
          List<Sent> sent = packets(step);
          if (sent.stream().allMatch(packet -> packet.asked().via().isEmpty())) {
            all.addAll(sent);
          } else {
            assertAllArrive(sent);
          }
        }
      }
    }
    assertAllArrive(all);
  }

  private List<Sent> packets(Step step) throws Exception {
    if (step.asked().isEmpty()) {
      return List.of();
    }
    Aim aim = ground.serve(step.load());
    return step.asked().stream().map(aim::at).filter(Sent::alone).toList();
  }

  private static void assertAllArrive(List<Sent> sent) throws Exception {
    Set<Sent> arrived = Volley.arrived(sent, packet -> true);
    assertEquals(
        List.of(),
        sent.stream()
            .filter(packet -> !arrived.contains(packet))
            .map(packet -> packet.asked().line())
            .toList());
  }

  private void play(CatalogueCase one) throws Exception {
    PolicyEngine engine = new PolicyEngine();
    Policies policies = Policies.NONE;
    Snapshot snapshot = Snapshot.EMPTY;
    try (Play play = new Play(ground)) {
      for (Step step : one.steps()) {
        if (step.asked().isEmpty()) {
          continue;
        }
        Loaded now = step.load();
        assertFalse(now.refused(), () -> one + ": " + now.problems());
        if (step.alone()) {
          engine = new PolicyEngine();
          policies = Policies.NONE;
          snapshot = Snapshot.EMPTY;
        }
        CompiledPolicy compiled =
            engine.apply(Changes.between(policies, snapshot, now.policies(), now.snapshot()));
        Answers answers = new Answers(now.policies(), now.snapshot(), compiled);
        Aim aim = ground.serve(now);
        ground.enforce(compiled);
        play.step(step.asked(), answers, aim);
        policies = now.policies();
        snapshot = now.snapshot();
      }
      assertEquals(List.of(), play.wrong(), one::toString);
    }
  }
}
