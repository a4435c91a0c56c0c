package dev.ringfence.nftables.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The attributes between two offsets of a received message; a view, nothing is copied.
///
/// Every read is checked against the end: a malformed message gives [IllegalArgumentException],
/// never bytes of a neighbour.
public final class Attributes {
  private static final int TYPE_MASK = 0x3FFF;

  private final List<Attribute> all = new ArrayList<>();

  private Attributes() {}

  static Attributes parse(byte[] bytes, int from, int to) {
    Attributes out = new Attributes();
    ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    int at = from;
    while (at + 4 <= to) {
      int length = view.getShort(at) & 0xFFFF;
      if (length < 4 || at + length > to) {
        throw new IllegalArgumentException("attribute of " + length + " bytes at " + at);
      }
      int type = view.getShort(at + 2) & TYPE_MASK;
      out.all.add(new Attribute(type, bytes, at + 4, at + length));
      at += (length + 3) & ~3;
    }
    return out;
  }

  /// In the order received; lists repeat one type.
  public List<Attribute> all() {
    return all;
  }

  public Optional<Attribute> find(int type) {
    for (Attribute one : all) {
      if (one.type == type) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }

  public Attribute get(int type) {
    return find(type)
        .orElseThrow(() -> new IllegalArgumentException("attribute " + type + " is missing"));
  }

  /// What is inside a nested attribute; nothing if it is missing.
  public Attributes nested(int type) {
    return find(type).map(Attribute::nested).orElseGet(Attributes::new);
  }

  public Optional<Bytes> value(int type) {
    return find(type).map(Attribute::value);
  }

  public String text(int type) {
    return get(type).text();
  }

  public int u32(int type) {
    return get(type).u32();
  }

  public int u32(int type, int otherwise) {
    return find(type).map(Attribute::u32).orElse(otherwise);
  }

  /// One attribute's payload.
  public static final class Attribute {
    private final int type;
    private final byte[] bytes;
    private final int from;
    private final int to;

    private Attribute(int type, byte[] bytes, int from, int to) {
      this.type = type;
      this.bytes = bytes;
      this.from = from;
      this.to = to;
    }

    public int type() {
      return type;
    }

    /// Where it starts, its own header included.
    int start() {
      return from - 4;
    }

    int end() {
      return to;
    }

    public Attributes nested() {
      return parse(bytes, from, to);
    }

    public int u8() {
      return network(1).get() & 0xFF;
    }

    public int u16() {
      return network(2).getShort() & 0xFFFF;
    }

    public int u32() {
      return network(4).getInt();
    }

    public long u64() {
      return network(8).getLong();
    }

    /// A number in the machine's order, as rtnetlink has them.
    public int nativeInt() {
      return network(4).order(ByteOrder.nativeOrder()).getInt();
    }

    /// Without the final zero.
    public String text() {
      int end = to;
      while (end > from && bytes[end - 1] == 0) {
        end--;
      }
      return new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }

    public Bytes value() {
      return Bytes.copyOf(bytes, from, to);
    }

    private ByteBuffer network(int length) {
      if (to - from < length) {
        throw new IllegalArgumentException(
            "attribute " + type + " has " + (to - from) + " bytes, not " + length);
      }
      return ByteBuffer.wrap(bytes, from, length);
    }
  }
}
