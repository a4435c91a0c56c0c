package dev.ringfence.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.store.Key;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// What cannot be brought about stays as it last could, across restarts.
final class HeldBackTest {
  private static final Key POD = new Key("pods", "shop", "web");
  private static final Key SERVICE = new Key("services", "shop", "web");
  private static final Key POLICY = new Key("networkpolicies.networking.k8s.io", "shop", "web");

  @TempDir Path folder;

  private static ObjectNode object(String text) {
    return Json.object().put("is", text);
  }

  private static Observed observed(Map<Key, String> objects) {
    TreeMap<Key, ObjectNode> out = new TreeMap<>();
    objects.forEach((key, text) -> out.put(key, object(text)));
    return new Observed(7, out);
  }

  @Test
  void whatStandsInsteadIsFoundAgain() throws Exception {
    Path file = folder.resolve("held.json");
    HeldBack held = new HeldBack(file);
    Observed wanted = observed(Map.of(SERVICE, "new"));
    Observed inForce = observed(Map.of(POLICY, "old"));
    assertThat(held.hold(SERVICE, wanted, inForce, "no")).isTrue();
    assertThat(held.hold(SERVICE, wanted, inForce, "no")).isFalse();
    assertThat(held.hold(POLICY, wanted, inForce, "why")).isTrue();

    HeldBack again = new HeldBack(file);
    assertThat(again.reasons()).containsExactly(Map.entry(POLICY, "why"), Map.entry(SERVICE, "no"));
    assertThat(again.insteadOf(observed(Map.of(SERVICE, "new", POD, "p"))).objects())
        .isEqualTo(observed(Map.of(POLICY, "old", POD, "p")).objects());
    assertThat(again.has(SERVICE, wanted)).isTrue();
    assertThat(again.has(SERVICE, observed(Map.of(SERVICE, "newer")))).isFalse();

    again.keep(List.of(SERVICE));
    assertThat(new HeldBack(file).reasons()).containsOnlyKeys(SERVICE);
  }

  @Test
  void whatGoesMakesRoomAndPoliciesGoLast() {
    Key other = new Key("pods", "shop", "other");
    Observed before = observed(Map.of(POD, "a", SERVICE, "a", POLICY, "a"));
    Observed after = observed(Map.of(SERVICE, "b", other, "a"));
    assertThat(after.since(before)).containsExactly(POD, other, SERVICE, POLICY);
    assertThat(after.since(after)).isEmpty();
    assertThat(before.with(POD, after).at(POD)).isEmpty();
  }
}
