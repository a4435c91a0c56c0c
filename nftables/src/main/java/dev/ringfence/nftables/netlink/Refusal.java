package dev.ringfence.nftables.netlink;

import java.util.Optional;
import java.util.OptionalInt;

/// What an error message says: the number, the kernel's words, and where in the request.
///
/// @param errno positive
/// @param offset into the refused message, its header included
record Refusal(int sequence, int errno, Optional<String> text, OptionalInt offset) {
  private static final int CAPPED = 0x100;
  private static final int HAS_TEXT = 0x200;
  private static final int TEXT = 1;
  private static final int OFFSET = 2;

  /// Empty for an acknowledgement, which is an error message with the number 0.
  static Optional<Refusal> of(NetlinkMessage message) {
    if (message.length() < MessageWriter.HEADER + 4 || message.intAt(0) >= 0) {
      return Optional.empty();
    }
    Optional<String> text = Optional.empty();
    OptionalInt offset = OptionalInt.empty();
    if ((message.flags() & HAS_TEXT) != 0 && message.type() == NetlinkMessage.ERROR) {
      // The refused message's header follows the number, and all of it unless it was capped.
      int request = (message.flags() & CAPPED) != 0 ? MessageWriter.HEADER : message.intAt(4);
      Attributes more = message.attributes(4 + request);
      text = more.find(TEXT).map(Attributes.Attribute::text);
      offset =
          more.find(OFFSET).map(one -> OptionalInt.of(one.nativeInt())).orElse(OptionalInt.empty());
    }
    return Optional.of(new Refusal(message.sequence(), -message.intAt(0), text, offset));
  }
}
