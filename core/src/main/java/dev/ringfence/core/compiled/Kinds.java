package dev.ringfence.core.compiled;

import dev.ringfence.core.cluster.ContainerPort;
import dev.ringfence.core.cluster.Pod;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/// All kinds of pods, numbered from 0, and which of them each pod peer matches.
///
/// Like a label set, a kind never changes; a namespace with new labels gives its pods new kinds.
final class Kinds {
  private final LabelKeys keys;
  private final LabelSets spaceLabels = new LabelSets();
  private final LabelSets podLabels = new LabelSets();
  private final Map<Kind.Key, Kind> byKey = new HashMap<>();
  private final List<Kind> all = new ArrayList<>();
  private final Map<String, Ints> bySpace = new HashMap<>();
  private final List<Ints> bySpaceLabels = new ArrayList<>();
  private final List<Ints> byPodLabels = new ArrayList<>();
  private final Map<PortTerm.Name, Ints> byPortName = new HashMap<>();
  private final Map<PeerTerm.Pods, Matches> matches = new HashMap<>();

  Kinds(LabelKeys keys) {
    this.keys = keys;
  }

  /// Which kinds one peer matches: few of one namespace, else perhaps many.
  final class Matches {
    private final PeerTerm.Pods peer;
    private final Ints few = new Ints();
    private final BitSet many = new BitSet();
    private int upTo;

    private Matches(PeerTerm.Pods peer) {
      this.peer = peer;
    }

    private void lookAtTheRest() {
      if (upTo < all.size()) {
        if (peer.namespace().isPresent()) {
          match(peer, peer.namespace().get(), upTo, few);
        } else {
          match(peer, upTo, many);
        }
        upTo = all.size();
      }
    }

    boolean contains(Kind kind) {
      lookAtTheRest();
      return peer.namespace().isPresent() ? few.has(kind.number) : many.get(kind.number);
    }

    /// Those of all kinds that are known now.
    void forEach(IntConsumer each) {
      lookAtTheRest();
      for (int i = 0; i < few.size(); i++) {
        each.accept(few.get(i));
      }
      for (int kind = many.nextSetBit(0); kind >= 0; kind = many.nextSetBit(kind + 1)) {
        each.accept(kind);
      }
    }
  }

  /// The kind of a pod whose namespace has these labels; a new one where it is the first.
  Kind of(Pod pod, Map<String, String> labelsOfNamespace) {
    Kind.Key key =
        new Kind.Key(
            pod.namespace(),
            spaceLabels.number(labelsOfNamespace),
            podLabels.number(keys.of(pod.labels())),
            pod.hostNetwork(),
            named(pod));
    Kind known = byKey.get(key);
    if (known != null) {
      return known;
    }
    Kind kind = new Kind(all.size(), key);
    byKey.put(key, kind);
    all.add(kind);
    bySpace.computeIfAbsent(key.namespace(), name -> new Ints()).add(kind.number);
    at(bySpaceLabels, key.spaceLabels()).add(kind.number);
    at(byPodLabels, key.podLabels()).add(kind.number);
    key.named().stream()
        .map(PortTerm.Name::of)
        .distinct()
        .forEach(name -> byPortName.computeIfAbsent(name, n -> new Ints()).add(kind.number));
    return kind;
  }

  private static List<ContainerPort> named(Pod pod) {
    return pod.ports().stream()
        .filter(port -> port.name().isPresent() && port.protocol().hasPorts())
        .distinct()
        .sorted(Comparator.comparing(ContainerPort::toString))
        .toList();
  }

  private static Ints at(List<Ints> lists, int index) {
    while (lists.size() <= index) {
      lists.add(new Ints());
    }
    return lists.get(index);
  }

  Kind get(int number) {
    return all.get(number);
  }

  int size() {
    return all.size();
  }

  /// The pods of a namespace, as they are now.
  List<Member> membersIn(String namespace) {
    List<Member> out = new ArrayList<>();
    Ints kinds = bySpace.getOrDefault(namespace, Ints.NONE);
    for (int i = 0; i < kinds.size(); i++) {
      out.addAll(all.get(kinds.get(i)).members);
    }
    return out;
  }

  /// The labels of its pods, as far as somebody looks at them.
  Map<String, String> podLabels(Kind kind) {
    return podLabels.get(kind.key.podLabels());
  }

  Map<String, String> spaceLabels(Kind kind) {
    return spaceLabels.get(kind.key.spaceLabels());
  }

  /// The kinds that declare a port of this name and protocol.
  Ints declaring(PortTerm.Name name) {
    return byPortName.getOrDefault(name, Ints.NONE);
  }

  /// The kinds that a peer matches, now and later; equal peers share the answer.
  Matches matching(PeerTerm.Pods peer) {
    return matches.computeIfAbsent(peer, Matches::new);
  }

  private void match(PeerTerm.Pods peer, String namespace, int from, Ints into) {
    BitSet pods = podLabels.matching(peer.pods());
    Ints kinds = bySpace.getOrDefault(namespace, Ints.NONE);
    for (int at = kinds.firstFrom(from); at < kinds.size(); at++) {
      Kind kind = all.get(kinds.get(at));
      if (pods.get(kind.key.podLabels())) {
        into.add(kind.number);
      }
    }
  }

  private void match(PeerTerm.Pods peer, int from, BitSet into) {
    BitSet pods = podLabels.matching(peer.pods());
    BitSet spaces = spaceLabels.matching(peer.namespaces());
    boolean throughPods = count(byPodLabels, pods) < count(bySpaceLabels, spaces);
    List<Ints> lists = throughPods ? byPodLabels : bySpaceLabels;
    BitSet through = throughPods ? pods : spaces;
    for (int set = through.nextSetBit(0); set >= 0; set = through.nextSetBit(set + 1)) {
      Ints kinds = set < lists.size() ? lists.get(set) : Ints.NONE;
      for (int at = kinds.firstFrom(from); at < kinds.size(); at++) {
        Kind kind = all.get(kinds.get(at));
        into.set(
            kind.number,
            throughPods ? spaces.get(kind.key.spaceLabels()) : pods.get(kind.key.podLabels()));
      }
    }
  }

  private static long count(List<Ints> lists, BitSet sets) {
    long count = 0;
    for (int set = sets.nextSetBit(0); set >= 0 && set < lists.size(); ) {
      count += lists.get(set).size();
      set = sets.nextSetBit(set + 1);
    }
    return count;
  }
}
