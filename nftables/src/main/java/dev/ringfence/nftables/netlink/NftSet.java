package dev.ringfence.nftables.netlink;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// A named set, map or verdict map, without its elements.
///
/// @param key one type, or the fields of a concatenation
/// @param interval keys are ranges: a tree, or with several fields a pipapo
/// @param data what each key maps to; empty for a plain set
/// @param size most elements; declaring it makes lookups cheaper
/// @param comment cut to 127 bytes; fixed when the set is made
public record NftSet(
    TableName table,
    String name,
    List<KeyType> key,
    boolean interval,
    Optional<Data> data,
    OptionalInt size,
    String comment)
    implements NftObject {
  static final int ANONYMOUS = 1;
  static final int INTERVAL = 4;
  static final int MAP = 8;
  static final int CONCATENATION = 0x80;

  public NftSet {
    key = List.copyOf(key);
    comment = UserData.fitting(comment);
    if (key.isEmpty()) {
      throw new IllegalArgumentException("a set without a key");
    }
  }

  /// What the keys of a map lead to.
  public sealed interface Data {
    record Verdicts() implements Data {}

    record Values(KeyType type) implements Data {}
  }

  public static NftSet hash(TableName table, String name, KeyType key, int size, String comment) {
    return hash(table, name, List.of(key), size, comment);
  }

  /// A plain set whose keys have several fields, each padded to words.
  public static NftSet hash(
      TableName table, String name, List<KeyType> key, int size, String comment) {
    return new NftSet(table, name, key, false, Optional.empty(), OptionalInt.of(size), comment);
  }

  public static NftSet intervals(TableName table, String name, KeyType key, String comment) {
    return new NftSet(
        table, name, List.of(key), true, Optional.empty(), OptionalInt.empty(), comment);
  }

  public static NftSet verdicts(TableName table, String name, KeyType key) {
    return new NftSet(
        table,
        name,
        List.of(key),
        false,
        Optional.of(new Data.Verdicts()),
        OptionalInt.empty(),
        "");
  }

  @Override
  public String called() {
    return (data.isPresent() ? "map " : "set ") + table + " " + name;
  }

  int flags() {
    return (interval ? INTERVAL : 0)
        | (data.isPresent() ? MAP : 0)
        | (interval && key.size() > 1 ? CONCATENATION : 0);
  }

  /// The number of the type, six bits a field.
  int keyType() {
    int out = 0;
    for (KeyType field : key) {
      out = out << 6 | field.number();
    }
    return out;
  }

  int keyLength() {
    return key.size() == 1
        ? key.getFirst().length()
        : key.stream().mapToInt(KeyType::paddedLength).sum();
  }

  /// A key as people write it.
  String print(Bytes value) {
    return print(key, value);
  }

  static String print(List<KeyType> key, Bytes value) {
    byte[] bytes = value.toArray();
    StringBuilder out = new StringBuilder();
    int at = 0;
    for (KeyType field : key) {
      if (at + field.length() > bytes.length) {
        return value.toString();
      }
      out.append(out.isEmpty() ? "" : " . ")
          .append(field.print(java.util.Arrays.copyOfRange(bytes, at, at + field.length())));
      at += field.paddedLength();
    }
    return out.toString();
  }
}
