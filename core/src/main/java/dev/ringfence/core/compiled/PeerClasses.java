package dev.ringfence.core.compiled;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// The classes into which the selectors and port names of one group divide its peers.
final class PeerClasses {
  /// Whoever matches nothing by labels.
  static final int NOBODY = 0;

  private final List<Term> terms;
  private final Kinds kinds;
  private final boolean namesMatter;
  private final List<List<Kinds.Matches>> byLabels;
  private final List<PortSet> numbers;
  private final List<PeerClass> classes = new ArrayList<>();
  private final Map<PeerClass, Integer> known = new HashMap<>();

  PeerClasses(List<Term> terms, Kinds kinds) {
    this.terms = terms;
    this.kinds = kinds;
    this.namesMatter = terms.stream().anyMatch(term -> !term.ports().names().isEmpty());
    this.byLabels = terms.stream().map(term -> podPeers(term, kinds)).toList();
    this.numbers = ports(term -> term.ports().numbers());
    number(new PeerClass(new BitSet(), numbers));
  }

  private static List<Kinds.Matches> podPeers(Term term, Kinds kinds) {
    return term.peers().stream()
        .filter(peer -> peer instanceof PeerTerm.Pods)
        .map(peer -> kinds.matching((PeerTerm.Pods) peer))
        .toList();
  }

  private List<PortSet> ports(Function<Term, PortSet> of) {
    return terms.stream().map(of).toList();
  }

  private int number(PeerClass peers) {
    Integer number = known.putIfAbsent(peers, classes.size());
    if (number != null) {
      return number;
    }
    classes.add(peers);
    return classes.size() - 1;
  }

  /// Whether some port is named, so that each pod may have ports of its own.
  boolean namesMatter() {
    return namesMatter;
  }

  PeerClass get(int number) {
    return classes.get(number);
  }

  /// The class of the pods of a kind.
  int of(Kind kind) {
    BitSet matching = new BitSet();
    for (int t = 0; t < terms.size(); t++) {
      for (Kinds.Matches peer : byLabels.get(t)) {
        if (peer.contains(kind)) {
          matching.set(t);
          break;
        }
      }
    }
    List<PortSet> ports = namesMatter ? ports(term -> term.ports().at(kind.key.named())) : numbers;
    return number(new PeerClass(matching, ports));
  }

  /// The class of pods that match this term and no other, whether there are any or not.
  int ofTerm(int term) {
    BitSet only = new BitSet();
    only.set(term);
    return number(new PeerClass(only, numbers));
  }

  /// The kinds whose class may be another than NOBODY.
  BitSet somebody() {
    BitSet out = new BitSet();
    byLabels.forEach(peers -> peers.forEach(peer -> peer.forEach(out::set)));
    for (Term term : terms) {
      for (PortTerm.Name name : term.ports().names()) {
        Ints declaring = kinds.declaring(name);
        for (int at = 0; at < declaring.size(); at++) {
          out.set(declaring.get(at));
        }
      }
    }
    return out;
  }
}
