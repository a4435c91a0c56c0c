package dev.ringfence.core.compiled;

import dev.ringfence.core.cluster.ContainerPort;
import dev.ringfence.core.model.PortItem;
import dev.ringfence.core.model.PortRange;
import dev.ringfence.core.model.Ports;
import dev.ringfence.core.model.Protocol;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/// The ports of one rule: numbers, and names that each destination pod resolves for itself.
///
/// @param names sorted, each once
record PortTerm(PortSet numbers, List<Name> names) {
  PortTerm {
    names = List.copyOf(names.size() < 2 ? names : new TreeSet<>(names));
  }

  /// A port name; it matches declarations of its own protocol only (S64).
  record Name(Protocol protocol, String name) implements Comparable<Name> {
    /// The name of a declaration that has one.
    static Name of(ContainerPort declared) {
      return new Name(declared.protocol(), declared.name().orElseThrow());
    }

    @Override
    public int compareTo(Name other) {
      int byProtocol = protocol.compareTo(other.protocol);
      return byProtocol != 0 ? byProtocol : name.compareTo(other.name);
    }
  }

  static PortTerm of(Ports ports) {
    return switch (ports) {
      case Ports.Any() -> new PortTerm(PortSet.ALL, List.of());
      case Ports.OneOf(var items) -> {
        PortSet numbers = PortSet.NONE;
        List<Name> names = new ArrayList<>();
        for (PortItem item : items) {
          switch (item) {
            case PortItem.Every(var protocol) ->
                numbers = numbers.union(PortSet.of(protocol, PortRange.ALL));
            case PortItem.Numbers(var protocol, var range) ->
                numbers = numbers.union(PortSet.of(protocol, range));
            case PortItem.Named(var protocol, var name) -> names.add(new Name(protocol, name));
            case PortItem.Unreadable unreadable -> {} // S30
          }
        }
        yield new PortTerm(numbers, names);
      }
    };
  }

  /// The ports at a destination that declares these (S60 to S66).
  PortSet at(Collection<ContainerPort> declared) {
    PortSet out = numbers;
    for (ContainerPort port : declared) {
      if (names.stream().anyMatch(name -> declares(port, name))) {
        out = out.union(PortSet.of(port.protocol(), PortRange.only(port.number())));
      }
    }
    return out;
  }

  private static boolean declares(ContainerPort port, Name name) {
    return port.protocol() == name.protocol()
        && port.name().filter(name.name()::equals).isPresent();
  }

  /// The ports at a destination whose declarations nobody knows: at most these (S28).
  PortSet atMost() {
    PortSet out = numbers;
    for (Name name : names) {
      out = out.union(PortSet.of(name.protocol(), PortRange.ALL));
    }
    return out;
  }

  boolean isNothing() {
    return numbers.isNone() && names.isEmpty();
  }

  /// `TCP 80; TCP:web`, for definitions.
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(numbers.toString());
    names.forEach(name -> out.append(" + ").append(name.protocol()).append(':').append(word(name)));
    return out.toString();
  }

  private static String word(Name name) {
    return Definition.word(name.name());
  }
}
