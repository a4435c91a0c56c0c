package dev.ringfence.nftables.table;

import dev.ringfence.core.compiled.NodePolicy;
import dev.ringfence.core.compiled.NodePolicy.Admission;
import dev.ringfence.core.compiled.NodePolicy.Form;
import dev.ringfence.core.compiled.NodePolicy.Group;
import dev.ringfence.core.compiled.NodePolicy.LocalPod;
import dev.ringfence.core.compiled.NodePolicy.PeerSet;
import dev.ringfence.core.compiled.NodePolicy.Span;
import dev.ringfence.core.model.Direction;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.route.Wire;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// The text of `debug table`: pods, groups and sets as programmed, each with its reason.
final class Description {
  private final NodePolicy policy;
  private final Wires wires;
  private final NodeTable table;
  private final StringBuilder out = new StringBuilder();

  private Description(NodePolicy policy, Wires wires, NodeTable table) {
    this.policy = policy;
    this.wires = wires;
    this.table = table;
  }

  static String of(NodePolicy policy, Wires wires, NodeTable table, long generation) {
    Description description = new Description(policy, wires, table);
    description.head(generation);
    description.pods();
    description.groups();
    description.sets();
    return description.out.toString();
  }

  private void head(long generation) {
    long members =
        table.policy().sets().values().stream().mapToLong(set -> set.members().count()).sum();
    line("node %s, generation %d (%s)".formatted(policy.node(), generation, NodeTable.LAYOUT));
    line(
        "%s: %d chains, %d sets and maps, %d elements"
            .formatted(
                Names.POLICY,
                table.policy().chains().size(),
                table.policy().sets().size(),
                members));
    line("%s: %d guarded wires".formatted(Names.GUARD, table.guard().chains().size()));
    Established established = NftablesDataplane.establishedIn(table);
    if (!established.equals(Established.CUT)) {
      int anew = Memory.of(table.policy()).anew().size();
      line(
          "established connections: %s%s"
              .formatted(
                  established,
                  anew == 0
                      ? ""
                      : "; of %d addresses that changed hands judged anew".formatted(anew)));
    }
  }

  private void pods() {
    line("");
    line("pods of this node");
    policy.pods().stream()
        .sorted(Comparator.comparing(LocalPod::name))
        .forEach(pod -> {
          line("  %s  %s".formatted(pod.name(), joined(pod.addresses())));
          line("    ingress  %s".formatted(state(Direction.INGRESS, pod.ingress())));
          line("    egress   %s".formatted(state(Direction.EGRESS, pod.egress())));
          line("    wire     %s".formatted(wire(pod)));
        });
  }

  private static String state(Direction direction, Optional<String> group) {
    return group.map(id -> Names.word(direction) + "_" + id).orElse("not isolated");
  }

  private String wire(LocalPod pod) {
    Wire wire = wires.byPod().get(pod.name());
    if (wire == null) {
      return "unknown: the pod is not guarded";
    }
    String guard = Names.guard(wire.interfaceName());
    return table.guard().chains().containsKey(guard)
        ? wire.interfaceName() + (wire.bridged() ? " on a bridge" : "") + ", chain " + guard
        : wire.interfaceName() + " is gone: the pod is not guarded";
  }

  private void groups() {
    new TreeMap<>(policy.groups())
        .values()
        .forEach(group -> {
          line("");
          line(
              "%s_%s  %s of %s"
                  .formatted(
                      Names.word(group.direction()),
                      group.id(),
                      group.direction(),
                      joined(podsOf(group))));
          line("  because of %s".formatted(joined(group.policies())));
          String side = group.direction() == Direction.INGRESS ? "from" : "to";
          for (Admission admission : group.pods()) {
            line(
                "  %s peers_%s (%s): %s"
                    .formatted(side, admission.setId(), meaning(admission), admission.ports()));
          }
          together(group).forEach(this::line);
          boolean union = group.form() == Form.UNION;
          for (Span span : group.spans()) {
            line(
                "  %s %s in %s: %s"
                    .formatted(
                        side,
                        union ? "anybody" : "anybody else",
                        joined(span.ranges()),
                        span.ports()));
          }
          if (union) {
            line("  whoever is in several of these has the ports of all of them");
          }
          line("  otherwise: %s".formatted(Names.deny(group.direction())));
        });
  }

  /// Which sets hold peers with their ports, where these are many.
  private List<String> together(Group group) {
    List<String> out = new ArrayList<>();
    for (Family family : Family.values()) {
      String chain = Names.group(group.direction(), group.id(), family, Orientation.CONNECTION);
      Optional.ofNullable(table.policy().chains().get(chain)).stream()
          .flatMap(ChainContent::lookups)
          .map(table.policy().sets()::get)
          .filter(Objects::nonNull)
          .filter(set -> set.set().key().size() > 1)
          .map(set ->
              "  of these, %s are looked up at once, with their ports: %s, %d elements"
                  .formatted(set.set().comment(), set.set().name(), set.members().count()))
          .forEach(out::add);
    }
    return out;
  }

  private List<String> podsOf(Group group) {
    return policy.pods().stream()
        .filter(pod -> {
          Optional<String> id =
              group.direction() == Direction.INGRESS ? pod.ingress() : pod.egress();
          return id.filter(group.id()::equals).isPresent();
        })
        .map(pod -> pod.name().toString())
        .sorted()
        .toList();
  }

  private String meaning(Admission admission) {
    PeerSet set = policy.sets().get(admission.setId());
    return set == null ? "unknown" : set.meaning();
  }

  private void sets() {
    line("");
    line("sets of peers");
    new TreeMap<>(policy.sets())
        .values()
        .forEach(set -> {
          line(
              "  peers_%s  %d addresses: %s"
                  .formatted(set.id(), set.members().size(), set.meaning()));
        });
  }

  private static String joined(List<?> all) {
    return String.join(", ", all.stream().map(Objects::toString).toList());
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
