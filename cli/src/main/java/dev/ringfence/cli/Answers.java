package dev.ringfence.cli;

import dev.ringfence.core.answer.Certainty;
import dev.ringfence.core.answer.Decision;
import dev.ringfence.core.answer.Evaluator;
import dev.ringfence.core.cluster.End;
import dev.ringfence.core.cluster.Endpoint;
import dev.ringfence.core.cluster.Ends;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.cluster.Pairs;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Policies;
import dev.ringfence.core.model.Protocol;
import dev.ringfence.report.QueryAnswer;
import dev.ringfence.report.QueryError;
import dev.ringfence.report.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Answers questions about one input; each question on its own, in time that follows the policies.
final class Answers {
  private final Ends ends;
  private final Pairs pairs;
  private final Evaluator evaluator;
  private final UnknownAddresses unknown;

  /// What a question came to.
  sealed interface Outcome {
    /// The verdict.
    ///
    /// @param warnings sentences about what the answer leans on
    record Answered(QueryAnswer answer, List<String> warnings) implements Outcome {}

    record Failed(QueryError error) implements Outcome {}
  }

  Answers(Policies policies, Snapshot now, boolean hostNetworkAsPods) {
    ends = new Ends(now, hostNetworkAsPods);
    pairs = new Pairs(now);
    evaluator = new Evaluator(policies, now);
    unknown = new UnknownAddresses(policies, evaluator);
  }

  Outcome to(Question question) {
    try {
      End from = ends.find(question.from());
      End to = ends.find(question.to());
      List<Flow> flows = pairs.flows(from, to, protocol(question), port(question));
      return answer(question, flows, to instanceof End.OfService);
    } catch (Ends.Unknown e) {
      return new Outcome.Failed(QueryError.of(question, String.valueOf(e.getMessage())));
    }
  }

  private Outcome answer(Question question, List<Flow> flows, boolean service) throws Ends.Unknown {
    List<Decision> decisions = flows.stream().map(evaluator::decide).toList();
    boolean some = decisions.stream().anyMatch(Decision::allowed);
    boolean all = decisions.stream().allMatch(Decision::allowed);
    if (some && !all && (!service || perSource(flows, decisions))) {
      throw new Ends.Unknown(difference(flows, decisions));
    }
    int shown = service && !all ? firstDenied(decisions) : 0;
    Decision decision = decisions.get(shown);
    boolean open = decisions.stream().anyMatch(one -> one.certainty() != Certainty.DEFINED);
    return new Outcome.Answered(
        QueryAnswer.to(
            question,
            all,
            decision.egress().code().word(),
            decision.ingress().code().word(),
            family(flows.get(shown)),
            (open ? Certainty.IMPLEMENTATION : Certainty.DEFINED).toString(),
            service ? flows.stream().map(flow -> name(flow.to())).distinct().toList() : null),
        unknown.warnings(flows, decisions));
  }

  /// Whether the pods that open differ: for one Service, each must find the same.
  private static boolean perSource(List<Flow> flows, List<Decision> decisions) {
    List<Endpoint> denied = new ArrayList<>();
    for (int i = 0; i < flows.size(); i++) {
      if (!decisions.get(i).allowed()) {
        denied.add(flows.get(i).from());
      }
    }
    return !denied.containsAll(flows.stream().map(Flow::from).toList());
  }

  private static int firstDenied(List<Decision> decisions) {
    int at = 0;
    while (decisions.get(at).allowed()) {
      at++;
    }
    return at;
  }

  private static String difference(List<Flow> flows, List<Decision> decisions) {
    Flow yes = flows.get(0);
    Flow no = flows.get(0);
    for (int i = flows.size() - 1; i >= 0; i--) {
      if (decisions.get(i).allowed()) {
        yes = flows.get(i);
      } else {
        no = flows.get(i);
      }
    }
    return "its pods answer differently: "
        + name(yes.from())
        + " -> "
        + name(yes.to())
        + " is allowed, "
        + name(no.from())
        + " -> "
        + name(no.to())
        + " is denied";
  }

  static String name(Endpoint end) {
    return switch (end) {
      case Endpoint.OfPod(var pod, var at) -> pod.id();
      case Endpoint.OfNode(var node, var at) -> "node/" + node;
      case Endpoint.UnknownPod(var at) -> at.map(Address::toString).orElse("an unknown pod");
      case Endpoint.Outside(var at) -> at.map(Address::toString).orElse("outside");
    };
  }

  private static @Nullable String family(Flow flow) {
    Optional<Address> address = flow.to().address().or(() -> flow.from().address());
    return address.map(one -> one.family().toString()).orElse(null);
  }

  private static Protocol protocol(Question question) throws Ends.Unknown {
    return switch (question.protocol()) {
      case "TCP" -> Protocol.TCP;
      case "UDP" -> Protocol.UDP;
      case "SCTP" -> Protocol.SCTP;
      case "other", "ICMP", "ICMPv6" -> Protocol.OTHER;
      default ->
          throw new Ends.Unknown(
              "protocol: "
                  + question.protocol()
                  + " is none of TCP, UDP, SCTP, ICMP, ICMPv6, other");
    };
  }

  private static OptionalInt port(Question question) throws Ends.Unknown {
    Integer port = question.port();
    if (protocol(question).hasPorts() == (port == null)) {
      throw new Ends.Unknown(
          port == null
              ? "port: " + question.protocol() + " needs one"
              : "port: " + question.protocol() + " has none");
    }
    if (port == null) {
      return OptionalInt.empty();
    }
    if (port < 1 || port > 65_535) {
      throw new Ends.Unknown("port: must be a number from 1 to 65535");
    }
    return OptionalInt.of(port);
  }
}
