package dev.ringfence.nftables.table;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.Expression;
import dev.ringfence.nftables.netlink.Expression.ConnectionKey;
import dev.ringfence.nftables.netlink.Expression.Header;
import dev.ringfence.nftables.netlink.Expression.Side;
import dev.ringfence.nftables.netlink.KeyType;
import dev.ringfence.nftables.netlink.NftChain;
import dev.ringfence.nftables.netlink.NftChain.Hook;
import dev.ringfence.nftables.netlink.NftElement;
import dev.ringfence.nftables.netlink.NftRule;
import dev.ringfence.nftables.netlink.Verdict;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// Runs a table on a packet, as the kernel would.
public final class TableInterpreter {
  private final TableContent table;
  private final Map<String, TreeMap<Bytes, NftElement>> lookups = new HashMap<>();

  public TableInterpreter(TableContent table) {
    this.table = table;
  }

  /// What a rule can load of a packet.
  public interface Loads {
    /// Empty where the packet has no such thing.
    Optional<Bytes> load(Expression expression);

    /// Its connection is told something.
    default void told(ConnectionKey key, Bytes value) {
      throw new IllegalArgumentException("not interpreted: " + key);
    }
  }

  /// A packet on its way forward, and what conntrack says of it.
  ///
  /// @param state bits as in [ConnectionKey#STATE]; untracked and invalid ones have no connection
  record Packet(
      Address from, Address to, int protocol, int fromPort, int toPort, int state, Bytes bytes)
      implements Loads {
    private static final int NO_CONNECTION = 65;

    Bytes transport(int offset, int length) {
      int start = (from.family() == Family.IPV4 ? 20 : 40) + offset;
      return slice(start, length);
    }

    Bytes slice(int start, int length) {
      return Bytes.copyOf(Arrays.copyOfRange(bytes.toArray(), start, start + length));
    }

    boolean hasConnection() {
      return (state & NO_CONNECTION) == 0;
    }

    @Override
    public Optional<Bytes> load(Expression expression) {
      return switch (expression) {
        case Expression.Meta(var key, _) ->
            switch (key) {
              case FAMILY -> Optional.of(Bytes.of(from().family() == Family.IPV4 ? 2 : 10));
              case PROTOCOL -> Optional.of(Bytes.of(protocol()));
              default -> throw new IllegalArgumentException("not interpreted: " + key);
            };
        case Expression.Payload(var header, var offset, var length, _) ->
            header == Header.NETWORK
                ? Optional.of(slice(offset, length))
                : Optional.of(transport(offset, length));
        case Expression.Connection(var key, var side, _) -> connection(key, side);
        default -> throw new IllegalArgumentException("loads nothing: " + expression);
      };
    }

    private Optional<Bytes> connection(ConnectionKey key, Optional<Side> side) {
      if (key == ConnectionKey.STATE) {
        return Optional.of(Bytes.ofNativeInt(state()));
      }
      if (!hasConnection()) {
        return Optional.empty();
      }
      boolean original = side.filter(Side.ORIGINAL::equals).isPresent();
      Address address = original ? from() : to();
      boolean v4 = address.family() == Family.IPV4;
      return switch (key) {
        case PROTOCOL -> Optional.of(Bytes.of(protocol()));
        case SOURCE_PORT -> Optional.of(Bytes.ofShort(original ? fromPort() : toPort()));
        case SOURCE_IPV4 -> v4 ? Optional.of(Bytes.copyOf(address.bytes())) : Optional.empty();
        case SOURCE_IPV6 -> v4 ? Optional.empty() : Optional.of(Bytes.copyOf(address.bytes()));
        default -> throw new IllegalArgumentException("not interpreted: " + key);
      };
    }
  }

  private enum Outcome {
    ACCEPT,
    DROP,
    BACK
  }

  /// Whether the packet passes this base chain.
  boolean passes(String baseChain, Loads packet) {
    return run(baseChain, packet) != Outcome.DROP;
  }

  /// Whether the packet passes every base chain of the hook, and of the device if there is one.
  public boolean passes(Hook hook, Optional<String> device, Loads packet) {
    for (ChainContent chain : table.chains().values()) {
      Optional<NftChain.Base> base = chain.chain().base().filter(one -> one.hook() == hook);
      if (base.isPresent() && device.map(base.get().devices()::contains).orElse(true)) {
        Outcome outcome = run(chain.chain().name(), packet);
        if (outcome == Outcome.DROP || (outcome == Outcome.BACK && !base.get().accepts())) {
          return false;
        }
      }
    }
    return true;
  }

  private Outcome run(String chain, Loads packet) {
    for (NftRule rule : Objects.requireNonNull(table.chains().get(chain), chain).rules()) {
      Optional<Verdict> verdict = verdict(rule, packet);
      if (verdict.isEmpty()) {
        continue;
      }
      switch (verdict.get()) {
        case Verdict.Accept() -> {
          return Outcome.ACCEPT;
        }
        case Verdict.Drop() -> {
          return Outcome.DROP;
        }
        case Verdict.Return() -> {
          return Outcome.BACK;
        }
        case Verdict.Goto(var target) -> {
          return run(target, packet);
        }
        case Verdict.Jump(var target) -> {
          Outcome outcome = run(target, packet);
          if (outcome != Outcome.BACK) {
            return outcome;
          }
        }
        case Verdict.Continue() -> {}
      }
    }
    return Outcome.BACK;
  }

  /// The registers' bytes, in words of four; what is loaded is padded with zeros.
  private static final class Registers {
    private static final int WORD = 4;
    private final Map<Integer, Bytes> words = new HashMap<>();

    /// The four large registers lie over the small ones.
    private static int slot(int register) {
      return register < 8 ? 4 + 4 * register : register;
    }

    void put(int register, Bytes value) {
      for (int at = 0; at < value.length(); at += WORD) {
        Bytes word = value.slice(at, Math.min(at + WORD, value.length())).padded(WORD);
        words.put(slot(register) + at / WORD, word);
      }
    }

    Bytes get(int register, int length) {
      Bytes out = Bytes.EMPTY;
      for (int at = 0; at < length; at += WORD) {
        out = out.then(Objects.requireNonNull(words.get(slot(register) + at / WORD)));
      }
      return out.slice(0, length);
    }
  }

  /// Empty where the rule does not match, or has no verdict.
  private Optional<Verdict> verdict(NftRule rule, Loads packet) {
    Registers registers = new Registers();
    for (Expression expression : rule.expressions()) {
      switch (expression) {
        case Expression.Meta _,
            Expression.Payload _,
            Expression.Connection _,
            Expression.AddressKind _ -> {
          Optional<Bytes> loaded = packet.load(expression);
          if (loaded.isEmpty()) {
            return Optional.empty();
          }
          registers.put(target(expression), loaded.get());
        }
        case Expression.Compare compare -> {
          if (!holds(compare, registers.get(compare.register(), compare.value().length()))) {
            return Optional.empty();
          }
        }
        case Expression.Mask(var register, var mask) ->
            registers.put(register, and(registers.get(register, mask.length()), mask));
        case Expression.Bits(var register, var bits) ->
            registers.put(register, or(registers.get(register, bits.length()), bits));
        case Expression.Tell(var key, var register) -> packet.told(key, registers.get(register, 4));
        case Expression.InSet(var set, var register, var inverted) -> {
          if (find(set, registers.get(register, keyLength(set))).isPresent() == inverted) {
            return Optional.empty();
          }
        }
        case Expression.ByMap(var map, var register) -> {
          return find(map, registers.get(register, keyLength(map)))
              .flatMap(NftElement::data)
              .map(data -> ((NftElement.Data.ToVerdict) data).verdict());
        }
        case Expression.Judge(var verdict) -> {
          return Optional.of(verdict);
        }
        case Expression.Counter _, Expression.NamedCounter _, Expression.Log _ -> {}
        case Expression.Limit _ -> {}
        case Expression.Reject _ -> {
          return Optional.of(new Verdict.Drop());
        }
        case Expression.Load _, Expression.Translate _, Expression.Foreign _ ->
            throw new IllegalArgumentException("not interpreted: " + expression);
      }
    }
    return Optional.empty();
  }

  private static int target(Expression load) {
    return switch (load) {
      case Expression.Meta(_, var register) -> register;
      case Expression.Payload(_, _, _, var register) -> register;
      case Expression.Connection(_, _, var register) -> register;
      case Expression.AddressKind(_, var register) -> register;
      default -> throw new IllegalArgumentException("loads nothing: " + load);
    };
  }

  private int keyLength(String set) {
    List<KeyType> key = Objects.requireNonNull(table.sets().get(set), set).set().key();
    return key.size() == 1
        ? key.getFirst().length()
        : key.stream().mapToInt(KeyType::paddedLength).sum();
  }

  private static boolean holds(Expression.Compare compare, Bytes loaded) {
    int order = loaded.compareTo(compare.value());
    return switch (compare.operator()) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      case GREATER_OR_EQUAL -> order >= 0;
    };
  }

  private static Bytes and(Bytes value, Bytes mask) {
    byte[] out = value.toArray();
    for (int i = 0; i < out.length; i++) {
      out[i] &= (byte) mask.at(i);
    }
    return Bytes.copyOf(out);
  }

  private static Bytes or(Bytes value, Bytes bits) {
    byte[] out = value.toArray();
    for (int i = 0; i < out.length; i++) {
      out[i] |= (byte) bits.at(i);
    }
    return Bytes.copyOf(out);
  }

  private Optional<NftElement> find(String name, Bytes key) {
    SetContent set = Objects.requireNonNull(table.sets().get(name), name);
    if (!set.set().interval()
        && set.members() instanceof Members.Addresses(var family, var among)) {
      Address address = Address.ofBytes(key.toArray());
      return address.family() == family && among.contains(address)
          ? Optional.of(NftElement.of(key))
          : Optional.empty();
    }
    TreeMap<Bytes, NftElement> lookup =
        lookups.computeIfAbsent(
            name,
            n -> {
              TreeMap<Bytes, NftElement> out = new TreeMap<>();
              // Where one range ends and another begins, it goes on.
              set.members()
                  .elements()
                  .forEachRemaining(
                      one -> out.merge(one.key(), one, (a, b) -> a.endsInterval() ? b : a));
              return out;
            });
    if (!set.set().interval()) {
      return Optional.ofNullable(lookup.get(key));
    }
    return Optional.ofNullable(lookup.floorEntry(key))
        .map(Map.Entry::getValue)
        .filter(start -> !start.endsInterval());
  }
}
