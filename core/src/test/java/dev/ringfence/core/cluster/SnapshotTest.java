package dev.ringfence.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Cidr;
import dev.ringfence.core.model.ObjectName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SnapshotTest {
  private static final Address TUG = Address.of("10.44.2.12");
  private static final Node N1 =
      new Node("n1", Map.of(), List.of(Address.of("192.0.2.1")), List.of(Cidr.of("10.44.1.0/24")));

  @Test
  void aFinishedPodNoLongerOwnsItsAddress_S115() {
    Pod tug = pod("harbor", "tug", Phase.SUCCEEDED, false, 0);
    Pod pump = pod("quarry", "pump", Phase.RUNNING, false, 1);
    assertThat(owner(tug, pump)).isEqualTo(pump);
    assertThat(snapshot(tug, pump).ownedBy(tug)).isEmpty();
  }

  @Test
  void runningComesFirstThenTheLatestStart_S116() {
    Pod pending = pod("harbor", "a", Phase.PENDING, false, 9);
    Pod early = pod("harbor", "b", Phase.RUNNING, false, 1);
    Pod late = pod("harbor", "c", Phase.RUNNING, false, 2);
    assertThat(owner(pending, early)).isEqualTo(early);
    assertThat(owner(early, late)).isEqualTo(late);
  }

  @Test
  void aHostNetworkPodIsItsNode_S101() {
    Pod beacon = pod("harbor", "beacon", Phase.RUNNING, true, 0);
    assertThat(snapshot(beacon).resolve(TUG))
        .isEqualTo(new Endpoint.OfNode("n1", Optional.of(TUG)));
  }

  @Test
  void anAddressOfThePodNetworkWithoutAPodIsACaseOfItsOwn_S28() {
    Snapshot now = snapshot();
    assertThat(now.resolve(Address.of("10.44.1.99"))).isInstanceOf(Endpoint.UnknownPod.class);
    assertThat(now.resolve(Address.of("192.0.2.1"))).isInstanceOf(Endpoint.OfNode.class);
    assertThat(now.resolve(Address.of("198.51.100.7"))).isInstanceOf(Endpoint.Outside.class);
  }

  @Test
  void namespacesCarryTheirNameAndMissingOnesAreAssumed_S27_S28() {
    Namespace lying = new Namespace("shop", Map.of(Namespace.NAME_LABEL, "other"));
    assertThat(lying.labels()).containsEntry(Namespace.NAME_LABEL, "shop");
    assertThat(snapshot(pod("harbor", "tug", Phase.RUNNING, false, 0)).namespaceLabels("harbor"))
        .containsExactly(Map.entry(Namespace.NAME_LABEL, "harbor"));
  }

  private static Pod owner(Pod... pods) {
    return snapshot(pods).resolve(TUG) instanceof Endpoint.OfPod(Pod pod, var address)
            && address.isPresent()
        ? pod
        : pods[0];
  }

  private static Snapshot snapshot(Pod... pods) {
    return new Snapshot(List.of(), List.of(N1), List.of(pods), List.of());
  }

  private static Pod pod(
      String namespace, String name, Phase phase, boolean hostNetwork, long started) {
    return new Pod(
        new ObjectName(namespace, name),
        "",
        Map.of(),
        Optional.of("n1"),
        hostNetwork,
        PodAddresses.of(TUG),
        phase,
        Optional.of(Instant.ofEpochSecond(started)),
        List.of(),
        new Workload(namespace, "Pod", name));
  }
}
