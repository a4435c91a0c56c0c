package dev.ringfence.nftables.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;

/// One C function that answers -1 and sets `errno` when it fails.
record NativeFunction(String name, MethodHandle handle) {
  static final MemoryLayout INT = ValueLayout.JAVA_INT;
  static final MemoryLayout LONG = ValueLayout.JAVA_LONG;
  static final MemoryLayout POINTER = ValueLayout.ADDRESS;

  private static final Linker LINKER = Linker.nativeLinker();

  static NativeFunction of(String name, MemoryLayout result, MemoryLayout... arguments) {
    return new NativeFunction(name, link(name, FunctionDescriptor.of(result, arguments), errno()));
  }

  /// A function with `...` after its fixed arguments, such as `open`.
  static NativeFunction variadic(
      String name, int fixed, MemoryLayout result, MemoryLayout... arguments) {
    return new NativeFunction(
        name,
        link(
            name,
            FunctionDescriptor.of(result, arguments),
            errno(),
            Linker.Option.firstVariadicArg(fixed)));
  }

  private static Linker.Option errno() {
    return Linker.Option.captureCallState("errno");
  }

  /// The bare handle, which takes memory for `errno` before the arguments; for calls that must not
  /// allocate.
  static MethodHandle exact(String name, MemoryLayout result, MemoryLayout... arguments) {
    return downcall(name, FunctionDescriptor.of(result, arguments), errno());
  }

  private static MethodHandle link(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    int arguments = descriptor.argumentLayouts().size() + 1;
    return downcall(name, descriptor, options)
        .asSpreader(Object[].class, arguments)
        .asType(MethodType.methodType(long.class, Object[].class));
  }

  @SuppressWarnings("restricted") // this room exists to hold what is restricted
  private static MethodHandle downcall(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
  }

  /// Calls it, again if a signal came in between.
  ///
  /// @throws SystemCallException if it answers -1
  long call(Arena arena, Object... arguments) {
    MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
    List<Object> all = new ArrayList<>(arguments.length + 1);
    all.add(state);
    all.addAll(List.of(arguments));
    Object[] spread = all.toArray();
    while (true) {
      long result = invoke(spread);
      int errno = state.get(ValueLayout.JAVA_INT, 0);
      if (result != -1) {
        return result;
      }
      if (errno != Errno.EINTR || name.equals("close")) {
        throw new SystemCallException(name, errno, Libc.errorText(errno));
      }
    }
  }

  private long invoke(Object[] arguments) {
    try {
      return (long) handle.invokeExact(arguments);
    } catch (Throwable thrown) {
      throw new AssertionError("calling " + name, thrown);
    }
  }
}
