package dev.ringfence.nftables.netlink;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/// The bytes the kernel keeps for user space: `nft`'s own list of type, length, value.
final class UserData {
  private static final int LONGEST_COMMENT = 127;
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\"]");
  private static final int HOST_ORDER = 1;
  private static final int NETWORK_ORDER = 2;

  private UserData() {}

  /// A comment, cut where `nft` would refuse to read it; nothing for an empty one.
  static Bytes comment(int type, String text) {
    if (text.isEmpty()) {
      return Bytes.EMPTY;
    }
    byte[] value = Arrays.copyOf(encoded(text), encoded(text).length + 1);
    return Bytes.of(type, value.length).then(Bytes.copyOf(value));
  }

  /// The comment as it will be read back: cut to the longest that `nft` takes.
  static String fitting(String text) {
    return text.isEmpty() ? text : new String(encoded(text), StandardCharsets.UTF_8);
  }

  /// How `nft` shall read the keys and values of a set, so that they come out the right way round.
  static Bytes byteOrder(NftSet set) {
    Bytes keys = byteOrder(Nft.KEY_ORDER_OF_SET, set.key().getFirst());
    return set.data().isPresent() && set.data().get() instanceof NftSet.Data.Values(var type)
        ? keys.then(byteOrder(Nft.DATA_ORDER_OF_SET, type))
        : keys;
  }

  private static Bytes byteOrder(int attribute, KeyType type) {
    Bytes value = Bytes.ofNativeInt(type.isNetworkOrder() ? NETWORK_ORDER : HOST_ORDER);
    return Bytes.of(attribute, value.length()).then(value);
  }

  /// The comment of this type; empty where there is none.
  static String readComment(int type, Optional<Bytes> data) {
    byte[] bytes = data.orElse(Bytes.EMPTY).toArray();
    int at = 0;
    while (at + 2 <= bytes.length && at + 2 + (bytes[at + 1] & 0xFF) <= bytes.length) {
      int length = bytes[at + 1] & 0xFF;
      if (bytes[at] == type && length > 0) {
        return new String(bytes, at + 2, length - 1, StandardCharsets.UTF_8);
      }
      at += 2 + length;
    }
    return "";
  }

  /// UTF-8, cut between two characters; a quote or a control character would break `nft`'s syntax.
  private static byte[] encoded(String text) {
    String safe = UNPRINTABLE.matcher(text).replaceAll(" ");
    int end = safe.length();
    while (safe.substring(0, end).getBytes(StandardCharsets.UTF_8).length > LONGEST_COMMENT) {
      end = safe.offsetByCodePoints(end, -1);
    }
    return safe.substring(0, end).getBytes(StandardCharsets.UTF_8);
  }
}
