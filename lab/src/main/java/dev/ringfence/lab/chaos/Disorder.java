package dev.ringfence.lab.chaos;

import dev.ringfence.core.cluster.Namespace;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.ClusterPolicy;
import dev.ringfence.core.model.NetworkPolicy;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.core.model.Policies;
import dev.ringfence.lab.scenario.End;
import dev.ringfence.lab.scenario.Scenario;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// One random change after another; the same seed makes the same changes.
///
/// What the manifests said comes back time and again, so the scenario stays like itself: as many
/// policies, the same labels, though not at the same pods.
final class Disorder {
  /// How many policies more than the manifests have.
  private static final int MORE_POLICIES = 4;

  private final Random random;
  private final Scenario original;
  private int made;

  Disorder(long seed, Scenario original) {
    this.random = new Random(seed);
    this.original = original;
  }

  /// Something that makes `now` another scenario.
  Change next(Scenario now) {
    while (true) {
      Optional<Change> change =
          switch (random.nextInt(12)) {
            case 0, 1 -> addPolicy(now);
            case 2, 3, 4 -> editPolicy(now);
            case 5 -> removePolicy(now);
            case 6 -> bringBackPolicy(now);
            case 7, 8 -> relabelPod(now);
            case 9 -> replacePod(now);
            case 10 -> relabelNamespace(now);
            default -> clusterPolicy(now);
          };
      if (change.isPresent()) {
        return change.get();
      }
    }
  }

  private Optional<Change> addPolicy(Scenario now) {
    if (now.policies().network().size() >= original.policies().network().size() + MORE_POLICIES) {
      return removePolicy(now);
    }
    RandomPolicies policies = new RandomPolicies(random, now);
    ObjectName name = new ObjectName(policies.namespace().name(), "chaos-" + ++made);
    List<NetworkPolicy> all = new ArrayList<>(now.policies().network());
    all.add(policies.named(name));
    return Optional.of(new Change("networkpolicy/" + name + " comes", with(now, all)));
  }

  private Optional<Change> editPolicy(Scenario now) {
    if (now.policies().network().isEmpty()) {
      return Optional.empty();
    }
    List<NetworkPolicy> all = new ArrayList<>(now.policies().network());
    int at = random.nextInt(all.size());
    NetworkPolicy policy = all.get(at);
    all.set(at, new RandomPolicies(random, now).edited(policy));
    return Optional.of(new Change(policy.id() + " is edited", with(now, all)));
  }

  private Optional<Change> removePolicy(Scenario now) {
    if (now.policies().network().isEmpty()) {
      return Optional.empty();
    }
    List<NetworkPolicy> all = new ArrayList<>(now.policies().network());
    NetworkPolicy policy = all.remove(random.nextInt(all.size()));
    return Optional.of(new Change(policy.id() + " goes", with(now, all)));
  }

  /// As the manifests have it, if it is not there or not so.
  private Optional<Change> bringBackPolicy(Scenario now) {
    List<NetworkPolicy> missing = new ArrayList<>(original.policies().network());
    missing.removeAll(now.policies().network());
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    NetworkPolicy policy = missing.get(random.nextInt(missing.size()));
    List<NetworkPolicy> all = new ArrayList<>(now.policies().network());
    all.removeIf(one -> one.name().equals(policy.name()));
    all.add(policy);
    return Optional.of(new Change(policy.id() + " is as it was", with(now, all)));
  }

  /// One of the manifests' policies about the whole cluster goes or comes back.
  private Optional<Change> clusterPolicy(Scenario now) {
    List<ClusterPolicy> originals = original.policies().cluster();
    if (originals.isEmpty()) {
      return Optional.empty();
    }
    ClusterPolicy policy = originals.get(random.nextInt(originals.size()));
    List<ClusterPolicy> all = new ArrayList<>(now.policies().cluster());
    boolean goes = all.remove(policy);
    if (!goes) {
      all.add(policy);
    }
    return Optional.of(
        new Change(
            policy.id() + (goes ? " goes" : " comes back"),
            with(now, now.snapshot(), new Policies(now.policies().network(), all))));
  }

  private Optional<Change> relabelPod(Scenario now) {
    Pod pod = anyPod(now);
    Pod next = like(pod, pod.name(), otherLabels(now, pod));
    return next.equals(pod)
        ? Optional.empty()
        : Optional.of(new Change(pod.name() + " is relabelled", with(now, pod, next)));
  }

  /// It goes, and another has its addresses; of the two the kernel may know one, never both.
  private Optional<Change> replacePod(Scenario now) {
    Pod pod = anyPod(now);
    String stem = pod.name().name().replaceFirst("-x[0-9]+$", "");
    ObjectName name = new ObjectName(pod.namespace(), stem + "-x" + ++made);
    Pod next = like(pod, name, otherLabels(now, pod));
    return Optional.of(
        new Change(
            pod.name() + " goes, and " + next.name() + " has its addresses",
            with(now, pod, next),
            new HashSet<>(pod.knownAddresses())));
  }

  private Pod anyPod(Scenario now) {
    List<End.OfPod> pods = now.pods();
    return pods.get(random.nextInt(pods.size())).pod();
  }

  /// Those that another pod had in the manifests, or its own.
  private Map<String, String> otherLabels(Scenario now, Pod pod) {
    List<End.OfPod> pods = random.nextBoolean() ? original.pods() : now.pods();
    Map<String, String> labels =
        new HashMap<>(pods.get(random.nextInt(pods.size())).pod().labels());
    if (random.nextInt(4) == 0) {
      labels.putAll(pod.labels());
    }
    return labels;
  }

  private static Pod like(Pod pod, ObjectName name, Map<String, String> labels) {
    return new Pod(
        name,
        pod.uid(),
        labels,
        pod.node(),
        pod.hostNetwork(),
        pod.addresses(),
        pod.phase(),
        pod.startTime(),
        pod.ports(),
        pod.workload());
  }

  /// It gets the labels of another, or loses those that it can lose.
  private Optional<Change> relabelNamespace(Scenario now) {
    List<Namespace> all = List.copyOf(now.snapshot().namespaces().values());
    List<Namespace> others = List.copyOf(original.snapshot().namespaces().values());
    Namespace space = all.get(random.nextInt(all.size()));
    Map<String, String> labels =
        random.nextInt(3) == 0 ? Map.of() : others.get(random.nextInt(others.size())).labels();
    Namespace next = new Namespace(space.name(), labels);
    if (next.equals(space)) {
      return Optional.empty();
    }
    List<Namespace> spaces = new ArrayList<>(all);
    spaces.set(spaces.indexOf(space), next);
    Snapshot was = now.snapshot();
    Snapshot is =
        new Snapshot(spaces, was.nodes().values(), was.pods().values(), was.services().values());
    return Optional.of(
        new Change("namespace " + space.name() + " is relabelled", with(now, is, now.policies())));
  }

  private static Scenario with(Scenario now, List<NetworkPolicy> policies) {
    return with(now, now.snapshot(), new Policies(policies, now.policies().cluster()));
  }

  private static Scenario with(Scenario now, Pod old, Pod next) {
    List<Pod> pods = new ArrayList<>(now.snapshot().pods().values());
    pods.remove(old);
    pods.add(next);
    return with(now, now.snapshot().withPods(pods), now.policies());
  }

  private static Scenario with(Scenario now, Snapshot snapshot, Policies policies) {
    int nodes = snapshot.nodes().size();
    return Scenario.of(snapshot, policies, now.outside(), nodes, now.assigned());
  }
}
