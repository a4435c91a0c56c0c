package dev.ringfence.lab.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.model.Address;
import dev.ringfence.lab.Worlds;
import dev.ringfence.lab.netns.Topology;
import dev.ringfence.lab.scenario.Assigned;
import dev.ringfence.lab.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Random changes stay on the ground that stands, and a seed makes them again.
final class DisorderTest {
  private static final int CHANGES = 300;

  static final String MANIFESTS =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop, labels: {team: a}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec:
        replicas: 3
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: c, image: x, ports: [{containerPort: 80, name: http}]}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: debug, namespace: ops, labels: {app: debug}}
      spec: {containers: [{name: c, image: x}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: web}}
        ingress: [{from: [{podSelector: {}}], ports: [{port: http}]}]
      """;

  private final Scenario scenario = Worlds.scenario(MANIFESTS, Assigned.NOTHING);

  private List<Change> changes(long seed) {
    Disorder disorder = new Disorder(seed, scenario);
    List<Change> out = new ArrayList<>();
    Scenario now = scenario;
    for (int i = 0; i < CHANGES; i++) {
      out.add(disorder.next(now));
      now = out.getLast().after();
    }
    return out;
  }

  @Test
  void aSeedMakesTheSameChangesAgain() {
    assertThat(changes(3))
        .extracting(Change::what)
        .isEqualTo(changes(3).stream().map(Change::what).toList());
    assertThat(changes(3))
        .extracting(Change::what)
        .isNotEqualTo(changes(4).stream().map(Change::what).toList());
  }

  @Test
  void nodesHostsAndAddressesStay() {
    Scenario before = scenario;
    for (Change change : changes(5)) {
      Scenario after = change.after();
      assertThat(Topology.sameGround(before, after)).as(change.what()).isTrue();
      assertThat(addresses(after)).as(change.what()).isEqualTo(addresses(scenario));
      assertThat(Topology.missing(after, before).isEmpty())
          .as(change.what())
          .isEqualTo(change.rewired().isEmpty());
      before = after;
    }
  }

  private static Set<Address> addresses(Scenario of) {
    Set<Address> out = new TreeSet<>();
    of.pods().forEach(pod -> out.addAll(pod.addresses()));
    return out;
  }

  @Test
  void everyKindOfChangeComes() {
    assertThat(changes(6).stream().map(Change::what).toList())
        .anyMatch(what -> what.endsWith(" comes"))
        .anyMatch(what -> what.endsWith(" is edited"))
        .anyMatch(what -> what.startsWith("networkpolicy/") && what.endsWith(" goes"))
        .anyMatch(what -> what.endsWith(" is as it was"))
        .anyMatch(what -> what.startsWith("namespace ") && what.endsWith(" is relabelled"))
        .anyMatch(what -> what.startsWith("shop/") && what.endsWith(" is relabelled"))
        .anyMatch(what -> what.endsWith(" has its addresses"));
  }
}
