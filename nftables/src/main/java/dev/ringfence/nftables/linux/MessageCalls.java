package dev.ringfence.nftables.linux;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The two calls that every event makes, linked so that the compiler sees through them: no boxes,
/// no arrays of arguments.
final class MessageCalls {
  private static final MethodHandle SEND = link("send");
  private static final MethodHandle RECEIVE = link("recv");

  private MessageCalls() {}

  private static MethodHandle link(String name) {
    return NativeFunction.exact(
        name,
        NativeFunction.LONG,
        NativeFunction.INT,
        NativeFunction.POINTER,
        NativeFunction.LONG,
        NativeFunction.INT);
  }

  /// Answers how many bytes went, or -1 with the reason in `errno`.
  static long send(MemorySegment errno, int socket, MemorySegment data, long length) {
    try {
      return (long) SEND.invokeExact(errno, socket, data, length, 0);
    } catch (Throwable thrown) {
      throw new AssertionError("calling send", thrown);
    }
  }

  /// Answers how long the message is, or -1 with the reason in `errno`.
  static long receive(MemorySegment errno, int socket, MemorySegment into, int flags) {
    try {
      return (long) RECEIVE.invokeExact(errno, socket, into, into.byteSize(), flags);
    } catch (Throwable thrown) {
      throw new AssertionError("calling recv", thrown);
    }
  }
}
