package dev.ringfence.nftables.linux;

import static dev.ringfence.nftables.linux.NativeFunction.INT;
import static dev.ringfence.nftables.linux.NativeFunction.LONG;
import static dev.ringfence.nftables.linux.NativeFunction.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The C library's calls that Java has no words for.
///
/// Every call throws [SystemCallException] where the kernel refuses; interrupted ones are repeated.
/// Numbers are in [Linux].
public final class Libc {
  private static final NativeFunction SOCKET = NativeFunction.of("socket", INT, INT, INT, INT);
  private static final NativeFunction BIND = NativeFunction.of("bind", INT, INT, POINTER, INT);
  private static final NativeFunction CONNECT =
      NativeFunction.of("connect", INT, INT, POINTER, INT);
  private static final NativeFunction SET_OPTION =
      NativeFunction.of("setsockopt", INT, INT, INT, INT, POINTER, INT);
  private static final NativeFunction GET_OPTION =
      NativeFunction.of("getsockopt", INT, INT, INT, INT, POINTER, POINTER);
  private static final NativeFunction SEND_TO =
      NativeFunction.of("sendto", LONG, INT, POINTER, LONG, INT, POINTER, INT);
  private static final NativeFunction RECEIVE_FROM =
      NativeFunction.of("recvfrom", LONG, INT, POINTER, LONG, INT, POINTER, POINTER);
  private static final NativeFunction CLOSE = NativeFunction.of("close", INT, INT);
  private static final NativeFunction OPEN = NativeFunction.variadic("open", 2, INT, POINTER, INT);
  private static final NativeFunction SETNS = NativeFunction.of("setns", INT, INT, INT);
  private static final NativeFunction UNSHARE = NativeFunction.of("unshare", INT, INT);
  private static final NativeFunction POLL = NativeFunction.of("poll", INT, POINTER, LONG, INT);
  private static final NativeFunction INTERFACE_INDEX =
      NativeFunction.of("if_nametoindex", INT, POINTER);
  private static final MethodHandle STRERROR = strerror();

  /// `sockaddr_storage`: every socket address fits.
  private static final int LONGEST_ADDRESS = 128;

  private Libc() {}

  /// Opens a socket.
  ///
  /// @param domain `AF_…`
  /// @param type `SOCK_…`; close-on-exec is added
  public static Descriptor socket(int domain, int type, int protocol) {
    try (Arena arena = Arena.ofConfined()) {
      return descriptor(SOCKET.call(arena, domain, type | Linux.SOCK_CLOEXEC, protocol));
    }
  }

  /// A packet socket takes its protocol in network order: this is `socket(AF_PACKET, type, …)`.
  public static Descriptor packetSocket(int type, int etherType) {
    return socket(Linux.AF_PACKET, type, (etherType & 0xFF) << 8 | etherType >>> 8);
  }

  public static void bind(Descriptor socket, SockAddr to) {
    try (Arena arena = Arena.ofConfined()) {
      byte[] bytes = to.bytes();
      BIND.call(arena, socket.number(), copy(arena, bytes), bytes.length);
    }
  }

  public static void connect(Descriptor socket, SockAddr to) {
    try (Arena arena = Arena.ofConfined()) {
      byte[] bytes = to.bytes();
      CONNECT.call(arena, socket.number(), copy(arena, bytes), bytes.length);
    }
  }

  /// Sets an option whose value is an `int`.
  public static void setOption(Descriptor socket, int level, int option, int value) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_INT, value);
      SET_OPTION.call(arena, socket.number(), level, option, bytes, Integer.BYTES);
    }
  }

  /// Sets an option whose value is anything else, such as an interface name.
  public static void setOption(Descriptor socket, int level, int option, byte[] value) {
    try (Arena arena = Arena.ofConfined()) {
      SET_OPTION.call(arena, socket.number(), level, option, copy(arena, value), value.length);
    }
  }

  /// Reads an option's value, whatever it is, into as many bytes as are given; answers how many the
  /// kernel wrote.
  public static int getOption(Descriptor socket, int level, int option, byte[] into) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(into.length);
      MemorySegment size = arena.allocateFrom(ValueLayout.JAVA_INT, into.length);
      GET_OPTION.call(arena, socket.number(), level, option, value, size);
      MemorySegment.copy(value, ValueLayout.JAVA_BYTE, 0, into, 0, into.length);
      return size.get(ValueLayout.JAVA_INT, 0);
    }
  }

  /// Sends the first `length` bytes on a connected (or netlink) socket; answers how many went.
  public static int send(Descriptor socket, byte[] bytes, int length, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocate(Math.max(length, 1));
      MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, 0, length);
      return (int)
          SEND_TO.call(arena, socket.number(), data, (long) length, flags, MemorySegment.NULL, 0);
    }
  }

  public static int sendTo(Descriptor socket, byte[] bytes, int flags, SockAddr to) {
    try (Arena arena = Arena.ofConfined()) {
      byte[] address = to.bytes();
      return (int)
          SEND_TO.call(
              arena,
              socket.number(),
              copy(arena, bytes),
              (long) bytes.length,
              flags,
              copy(arena, address),
              address.length);
    }
  }

  /// Receives one message; blocks unless the socket or [Linux#MSG_DONTWAIT] says otherwise.
  ///
  /// @return its length; with [Linux#MSG_TRUNC] more than `into` holds if it did not fit
  public static int receive(Descriptor socket, byte[] into, int flags) {
    return receiveFrom(socket, into, flags).length();
  }

  /// As [#receive], with the sender.
  public static Received receiveFrom(Descriptor socket, byte[] into, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocate(into.length);
      MemorySegment from = arena.allocate(LONGEST_ADDRESS);
      MemorySegment size = arena.allocateFrom(ValueLayout.JAVA_INT, LONGEST_ADDRESS);
      int length =
          (int)
              RECEIVE_FROM.call(
                  arena, socket.number(), data, (long) into.length, flags, from, size);
      MemorySegment.copy(data, ValueLayout.JAVA_BYTE, 0, into, 0, Math.min(length, into.length));
      int used = size.get(ValueLayout.JAVA_INT, 0);
      return new Received(
          length, new SockAddr(from.asSlice(0, used).toArray(ValueLayout.JAVA_BYTE)));
    }
  }

  /// A message and who sent it.
  ///
  /// @param length of the message, see [#receive]
  /// @param from no bytes on a connected stream
  public record Received(int length, SockAddr from) {}

  /// Waits until something can be read, or until the time is over; answers which.
  public static List<Descriptor> readable(List<Descriptor> of, Duration atMost) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment table = arena.allocate(8L * Math.max(1, of.size()), 4);
      for (int i = 0; i < of.size(); i++) {
        table.set(ValueLayout.JAVA_INT, 8L * i, of.get(i).number());
        table.set(ValueLayout.JAVA_SHORT, 8L * i + 4, Linux.POLLIN);
      }
      POLL.call(
          arena, table, (long) of.size(), (int) Math.min(Integer.MAX_VALUE, atMost.toMillis()));
      List<Descriptor> out = new ArrayList<>();
      for (int i = 0; i < of.size(); i++) {
        if (table.get(ValueLayout.JAVA_SHORT, 8L * i + 6) != 0) {
          out.add(of.get(i));
        }
      }
      return out;
    }
  }

  /// Opens a file for reading.
  public static Descriptor open(Path file) {
    try (Arena arena = Arena.ofConfined()) {
      return descriptor(
          OPEN.call(arena, arena.allocateFrom(file.toString()), Linux.O_RDONLY | Linux.O_CLOEXEC));
    }
  }

  /// The interface's index in the calling thread's network namespace, or 0 if there is none.
  public static int interfaceIndex(String name) {
    try (Arena arena = Arena.ofConfined()) {
      return (int) INTERFACE_INDEX.call(arena, arena.allocateFrom(name));
    }
  }

  /// What the C library says of an error number.
  public static String errorText(int errno) {
    try {
      return text((MemorySegment) STRERROR.invokeExact(errno));
    } catch (Throwable thrown) {
      throw new AssertionError("calling strerror", thrown);
    }
  }

  /// Moves the calling thread into a network namespace.
  static void setNetworkNamespace(Descriptor namespace) {
    try (Arena arena = Arena.ofConfined()) {
      SETNS.call(arena, namespace.number(), Linux.CLONE_NEWNET);
    }
  }

  /// Moves the calling thread into a new, empty network namespace.
  static void unshareNetworkNamespace() {
    try (Arena arena = Arena.ofConfined()) {
      UNSHARE.call(arena, Linux.CLONE_NEWNET);
    }
  }

  static void close(int number) {
    try (Arena arena = Arena.ofConfined()) {
      CLOSE.call(arena, number);
    }
  }

  private static Descriptor descriptor(long number) {
    return new Descriptor((int) number);
  }

  private static MemorySegment copy(Arena arena, byte[] bytes) {
    return arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
  }

  @SuppressWarnings("restricted")
  private static String text(MemorySegment pointer) {
    return pointer.reinterpret(1024).getString(0);
  }

  @SuppressWarnings("restricted")
  private static MethodHandle strerror() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("strerror"),
        FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
  }
}
