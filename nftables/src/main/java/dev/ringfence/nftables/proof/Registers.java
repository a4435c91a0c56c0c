package dev.ringfence.nftables.proof;

import dev.ringfence.nftables.netlink.Bytes;
import dev.ringfence.nftables.netlink.Expression;
import dev.ringfence.nftables.netlink.KeyType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// What a rule has loaded so far, by the four bytes that it begins at.
final class Registers {
  private static final int WORD = 4;

  private final TreeMap<Integer, Operand> held = new TreeMap<>();

  /// What is in a register.
  ///
  /// @param load or, where bits of what was loaded are set, what sets them
  /// @param length in bytes
  /// @param mask empty where all of it counts
  record Operand(Expression load, int length, Bytes mask) {
    private int words() {
      return (length + WORD - 1) / WORD;
    }
  }

  /// The first four bytes of a register; the four large ones lie over the small ones.
  static int slot(int register) {
    return register < 8 ? 4 + 4 * register : register;
  }

  /// Loads something; whatever lay there, if only in part, is gone.
  void put(int register, Operand operand) {
    int slot = slot(register);
    int end = slot + operand.words();
    held.entrySet()
        .removeIf(one -> one.getKey() < end && slot < one.getKey() + one.getValue().words());
    held.put(slot, operand);
  }

  Optional<Operand> of(int register) {
    return Optional.ofNullable(held.get(slot(register)));
  }

  /// One whole value for each field of a key, from this register on; empty where they are others.
  Optional<List<Operand>> inARow(int register, List<KeyType> key) {
    List<Operand> out = new ArrayList<>();
    int slot = slot(register);
    for (KeyType field : key) {
      Operand operand = held.get(slot);
      if (operand == null || operand.length() != field.length() || operand.mask().length() > 0) {
        return Optional.empty();
      }
      out.add(operand);
      slot += field.paddedLength() / WORD;
    }
    return Optional.of(out);
  }
}
