package dev.ringfence.report;

import dev.ringfence.core.answer.ByPorts;
import dev.ringfence.core.answer.Code;
import dev.ringfence.core.answer.Connection.Where;
import dev.ringfence.core.answer.Difference;
import dev.ringfence.core.answer.Explained;
import dev.ringfence.core.answer.Fix;
import dev.ringfence.core.answer.NearMiss;
import dev.ringfence.core.answer.Repairs.Repair;
import dev.ringfence.core.answer.Side;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.compiled.PortSet;
import dev.ringfence.core.manifest.Place;
import dev.ringfence.core.manifest.Places;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.AddressRange;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.Tier;
import dev.ringfence.report.Explanation.AlsoOpened;
import dev.ringfence.report.Explanation.Backend;
import dev.ringfence.report.Explanation.Decider;
import dev.ringfence.report.Explanation.Differing;
import dev.ringfence.report.Explanation.Free;
import dev.ringfence.report.Explanation.Judged;
import dev.ringfence.report.Explanation.Miss;
import dev.ringfence.report.Explanation.Named;
import dev.ringfence.report.Explanation.Part;
import dev.ringfence.report.Explanation.SmallestFix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Makes the `Explanation` document: reasons with their places in files, and prose.
///
/// @param places where the policies stand
/// @param from the source as the document names it
/// @param to likewise the destination
public record Explanations(Places places, String from, String to) {

  /// Of one port.
  ///
  /// @param protocol as asked: `TCP`, `ICMP`, ...
  public Explanation of(Explained explained, Repair repair, String protocol) {
    return of(explained, repair, protocol, port(explained.flow()), to, null, null);
  }

  /// Of one port of a Service, explained for one of its backends.
  ///
  /// @param port of the Service
  /// @param service its address
  /// @param backends every pod behind it
  public Explanation ofService(
      Explained explained,
      Repair repair,
      String protocol,
      int port,
      String service,
      List<String> backends) {
    Backend backend = new Backend(to, explained.flow().port().orElseThrow());
    return of(explained, repair, protocol, port, service, backends, backend);
  }

  private Explanation of(
      Explained explained,
      Repair repair,
      String protocol,
      @Nullable Integer port,
      String asked,
      @Nullable List<String> backends,
      @Nullable Backend backend) {
    var decision = explained.decision();
    Integer arrives = port(explained.flow());
    String opened = arrives == null ? protocol : protocol + " " + arrives;
    String what =
        backend == null
            ? opened + " to " + to
            : protocol + " " + port + " to " + asked + ", which leads to " + opened + " of " + to;
    return new Explanation(
        from,
        asked,
        protocol,
        port,
        decision.allowed(),
        new Sentences(from, to).of(explained, repair, what),
        side(
            Direction.EGRESS,
            decision.egress(),
            explained.egress(),
            repair.egress().map(fix -> fix(Direction.EGRESS, fix, opened))),
        side(
            Direction.INGRESS,
            decision.ingress(),
            explained.ingress(),
            repair.ingress().map(fix -> fix(Direction.INGRESS, fix, opened))),
        family(explained.flow()),
        decision.certainty().toString(),
        backends,
        backend,
        null);
  }

  private static @Nullable Integer port(Flow flow) {
    return flow.port().isPresent() ? flow.port().getAsInt() : null;
  }

  /// Of all ports; without near misses and fixes, which are about one.
  public Explanation of(List<ByPorts> all, Flow any) {
    PortSet open = PortSet.NONE;
    List<Part> parts = new ArrayList<>();
    for (ByPorts one : all) {
      var decision = one.decision();
      open = decision.allowed() ? open.union(one.ports()) : open;
      parts.add(
          new Part(
              one.ports().isAll(),
              PortEntry.of(one.ports()),
              decision.allowed(),
              decision.certainty().toString(),
              side(Direction.EGRESS, decision.egress(), null, Optional.empty()),
              side(Direction.INGRESS, decision.ingress(), null, Optional.empty())));
    }
    return new Explanation(
        from,
        to,
        null,
        null,
        null,
        new Sentences(from, to).of(open),
        null,
        null,
        family(any),
        null,
        null,
        null,
        parts);
  }

  private static @Nullable String family(Flow flow) {
    Optional<Address> address = flow.to().address().or(() -> flow.from().address());
    return address.map(one -> one.family().toString()).orElse(null);
  }

  private Explanation.Side side(
      Direction direction, Side side, @Nullable List<NearMiss> misses, Optional<SmallestFix> fix) {
    String verdict = side.code().word();
    if (side.code() == Code.NOT_ISOLATED
        || side.code() == Code.NOT_A_POD
        || side.code() == Code.SELF) {
      return new Free(verdict);
    }
    return new Judged(
        verdict,
        side.considered().stream()
            .filter(one -> one.passedBy().isEmpty())
            .map(one -> named(one.policy()))
            .toList(),
        decider(direction, side),
        misses == null || side.allowed()
            ? null
            : misses.stream().map(one -> miss(direction, one)).toList(),
        fix.orElse(null));
  }

  private Named named(String policy) {
    Optional<Place> place = places.find(policy, "");
    return new Named(policy, file(place), line(place));
  }

  private @Nullable Decider decider(Direction direction, Side side) {
    if (side.policy().isEmpty()) {
      return null;
    }
    String policy = side.policy().get();
    Optional<Place> place =
        places.find(policy, path(direction, side.rule(), side.peer(), OptionalInt.empty()));
    boolean network = side.tier().filter(Tier.NETWORK_POLICY::equals).isPresent();
    return new Decider(
        policy,
        number(side.rule()),
        number(side.peer()),
        number(side.port()),
        file(place),
        line(place),
        List.of(),
        network ? "Allow" : side.allowed() ? "Accept" : "Deny",
        side.tier().map(Tier::toString).orElse(""));
  }

  private Miss miss(Direction direction, NearMiss miss) {
    boolean portOnly =
        miss.differs().stream()
            .allMatch(one ->
                one.what() == Difference.What.PORT || one.what() == Difference.What.PROTOCOL);
    OptionalInt none = OptionalInt.empty();
    Optional<Place> place =
        places.find(
            miss.policy(),
            portOnly
                ? path(direction, miss.rule(), none, miss.port())
                : path(direction, miss.rule(), miss.peer(), none));
    return new Miss(
        miss.policy(),
        number(miss.rule()),
        number(miss.peer()),
        number(miss.port()),
        file(place),
        line(place),
        miss.differs().stream()
            .map(one ->
                new Differing(
                    one.what().toString(),
                    one.key().orElse(null),
                    one.wants().orElse(null),
                    one.has().orElse(null)))
            .toList());
  }

  private SmallestFix fix(Direction direction, Fix fix, String asked) {
    return switch (fix) {
      case Fix.Add add ->
          new SmallestFix(
              new Sentences(from, to).fix(direction, add, asked),
              PolicyYaml.of(add.policy()),
              add.further().size(),
              add.further().stream().map(one -> alsoOpened(direction, one)).toList());
      case Fix.Beyond beyond -> new SmallestFix(Sentences.fix(beyond), null, null, List.of());
      case Fix.Nameless nameless ->
          new SmallestFix(
              "Nobody knows the address of "
                  + (direction == Direction.EGRESS ? to : from)
                  + ", so no rule can name it.",
              null,
              null,
              List.of());
    };
  }

  private static AlsoOpened alsoOpened(Direction direction, Fix.Further further) {
    String subject = further.subject().id();
    String other = text(further.other());
    boolean out = direction == Direction.EGRESS;
    return new AlsoOpened(
        out ? subject : other,
        out ? other : subject,
        further.ports().isAll(),
        PortEntry.of(further.ports()));
  }

  private static String text(Where where) {
    return switch (where) {
      case Where.Inside(var party) -> party.id();
      case Where.Outside(var ranges) ->
          ranges.stream().map(AddressRange::toString).collect(Collectors.joining(", "));
    };
  }

  /// The field path of an item, as the API server spells it.
  ///
  /// @param peer where the peer is meant, else empty; likewise `port`
  public static String path(
      Direction direction, OptionalInt rule, OptionalInt peer, OptionalInt port) {
    if (rule.isEmpty()) {
      return "";
    }
    boolean out = direction == Direction.EGRESS;
    String at = "spec." + (out ? "egress[" : "ingress[") + rule.getAsInt() + "]";
    if (peer.isPresent()) {
      return at + (out ? ".to[" : ".from[") + peer.getAsInt() + "]";
    }
    return port.isPresent() ? at + ".ports[" + port.getAsInt() + "]" : at;
  }

  private static @Nullable Integer number(OptionalInt index) {
    return index.isPresent() ? index.getAsInt() : null;
  }

  private static @Nullable String file(Optional<Place> place) {
    return place.map(Place::file).orElse(null);
  }

  private static @Nullable Integer line(Optional<Place> place) {
    return place.map(Place::line).orElse(null);
  }
}
