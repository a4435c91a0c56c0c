package dev.ringfence.core.cases;

import dev.ringfence.core.cluster.End;
import dev.ringfence.core.cluster.Ends;
import dev.ringfence.core.cluster.Flow;
import dev.ringfence.core.cluster.Node;
import dev.ringfence.core.cluster.Pairs;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.core.cluster.Snapshot;
import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.model.Protocol;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// One probe of a case: `tug -> crane T8081 A`.
///
/// @param from a pod, a node, `x6`, or an address
/// @param six over IPv6 though IPv4 would do: `crane/6`
/// @param error not the packet itself but an ICMP error about its connection
public record Asked(
    String line,
    String from,
    String to,
    boolean six,
    What what,
    int port,
    boolean error,
    Optional<Via> via,
    Verdict verdict) {
  private static final String HOST_PORT = "hostPort ";
  private static final Pattern LINE =
      Pattern.compile(
          "(\\S+) -> (\\S+?)(/6)? (T|U|S|ping|other|solicitation)(\\d*)( error)?"
              + "(?: via ((?:hostPort )?\\S+):(\\d+))? (A|D|answered|opens|goes on|cut)");

  /// Another way in: what the client dials.
  ///
  /// @param hostPort a port of the node that leads to one pod, not one of a Service
  /// @param at a node, or an address
  public record Via(boolean hostPort, String at, int port) {}

  public enum Verdict {
    ALLOWED("A"),
    DENIED("D"),
    /// What goes there is answered.
    ANSWERED("answered"),
    /// As ANSWERED, and the connection stays open.
    OPENS("opens"),
    /// What was opened is still heard, both ways.
    GOES_ON("goes on"),
    /// What was opened is not heard any more, either way.
    CUT("cut");

    private final String word;

    Verdict(String word) {
      this.word = word;
    }

    public boolean allowed() {
      return this != DENIED && this != CUT;
    }

    private static Verdict of(String word) {
      return Stream.of(values()).filter(one -> one.word.equals(word)).findFirst().orElseThrow();
    }
  }

  /// Parses one line.
  ///
  /// @throws IllegalArgumentException if the line is no probe
  static Asked read(String line) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      throw new IllegalArgumentException("not a probe: " + line);
    }
    return new Asked(
        line,
        parts.group(1),
        parts.group(2),
        parts.group(3) != null,
        What.of(parts.group(4)),
        parts.group(5).isEmpty() ? 0 : Integer.parseInt(parts.group(5)),
        parts.group(6) != null,
        Optional.ofNullable(parts.group(7)).map(at -> via(at, parts.group(8))),
        Verdict.of(parts.group(9)));
  }

  private static Via via(String at, String port) {
    return new Via(
        at.startsWith(HOST_PORT), at.replaceFirst(HOST_PORT, ""), Integer.parseInt(port));
  }

  /// The question for those who answer questions; what neighbours ask each other is none.
  public Optional<Flow> flow(Snapshot now) {
    if (what == What.SOLICITATION) {
      return Optional.empty();
    }
    Family family = family(now);
    Protocol protocol = what.protocol();
    OptionalInt asked = protocol.hasPorts() ? OptionalInt.of(port) : OptionalInt.empty();
    End source = new End.OfAddress(address(from, family, now));
    End target = new End.OfAddress(address(to, family, now));
    try {
      Flow flow = new Pairs(now).flows(source, target, protocol, asked).getFirst();
      return Optional.of(new Flow(flow.from(), flow.to(), protocol, asked, via.isPresent()));
    } catch (Ends.Unknown unknown) {
      throw new IllegalArgumentException(line, unknown);
    }
  }

  /// IPv4 where both have it and nothing else is said.
  public Family family(Snapshot now) {
    boolean four =
        Stream.of(from, to)
            .allMatch(end -> addresses(end, now).stream().anyMatch(at -> is(at, Family.IPV4)));
    return six || !four ? Family.IPV6 : Family.IPV4;
  }

  /// The first address of this family.
  public static Address address(String end, Family family, Snapshot now) {
    return addresses(end, now).stream()
        .filter(at -> is(at, family))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(end + " has no address of " + family));
  }

  private static boolean is(Address address, Family family) {
    return address.family() == family;
  }

  private static List<Address> addresses(String end, Snapshot now) {
    if (end.equals("x6")) {
      return List.of(Address.of("2001:db8:99::7"));
    }
    Node node = now.nodes().get(end);
    if (node != null) {
      return node.addresses();
    }
    return now.pods().values().stream()
        .filter(pod -> pod.name().name().equals(end))
        .findFirst()
        .map(Pod::knownAddresses)
        .orElseGet(() -> List.of(Address.of(end)));
  }
}
