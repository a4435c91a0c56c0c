package dev.ringfence.lab.chaos;

import dev.ringfence.core.answer.Decision;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.lab.Answers;
import dev.ringfence.lab.scenario.End;
import dev.ringfence.lab.scenario.Probe;
import dev.ringfence.lab.scenario.Scenario;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Who talks to whom all the time: by addresses, whoever has them.
record Streams(List<Probe> all) {
  /// What so few processors can send and hold against the answers.
  private static final int MOST = 400;

  Streams {
    all = List.copyOf(all);
  }

  /// Pairs of the scenario on declared ports and on one that nobody declares, over TCP and UDP and
  /// both families; some of them, if there are many.
  static Streams of(Scenario scenario, long seed) {
    List<Probe> out =
        new ArrayList<>(
            Probe.between(scenario, (from, to) -> hasNamespace(from) && hasNamespace(to)).stream()
                .filter(probe -> probe.protocol() != Protocol.SCTP)
                .toList());
    Collections.shuffle(out, new Random(seed));
    return new Streams(out.subList(0, Math.min(MOST, out.size())));
  }

  private static boolean hasNamespace(End end) {
    return !(end instanceof End.OfHostPod);
  }

  Probe get(int stream) {
    return all.get(stream);
  }

  int size() {
    return all.size();
  }

  /// Indices of those that this address opens.
  List<Integer> from(Address address) {
    List<Integer> out = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).fromAddress().equals(address)) {
        out.add(i);
      }
    }
    return out;
  }

  /// Whether one node judges both ends, in one step; on two nodes one may have changed and the
  /// other not yet.
  boolean onOneNode(int stream) {
    Probe probe = all.get(stream);
    return !probe.from().isJudged()
        || !probe.to().isJudged()
        || probe.from().node().equals(probe.to().node());
  }

  Decision decide(int stream, Scenario scenario) {
    return Answers.to(scenario, List.of(all.get(stream))).decisions().getFirst();
  }

  /// What a scenario says of each.
  Verdicts verdicts(Scenario scenario) {
    BitSet out = new BitSet();
    BitSet in = new BitSet();
    List<Decision> decisions = Answers.to(scenario, all).decisions();
    for (int i = 0; i < decisions.size(); i++) {
      out.set(i, decisions.get(i).egress().allowed());
      in.set(i, decisions.get(i).ingress().allowed());
    }
    return new Verdicts(out, in);
  }

  /// By index of the stream.
  ///
  /// @param out whether whoever opens may
  /// @param in whether whoever accepts may
  record Verdicts(BitSet out, BitSet in) {
    boolean allowed(int stream) {
      return out.get(stream) && in.get(stream);
    }
  }
}
