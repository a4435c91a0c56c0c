package dev.ringfence.nftables.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Which network namespace a thread is in, and a way into another and back.
///
/// A namespace is known by the inode of its file. A thread's namespace decides for the sockets it
/// opens and the processes it starts; sockets keep theirs.
public final class NetworkNamespace {
  private static final Path OF_THREAD = Path.of("/proc/thread-self/ns/net");

  /// The process's first thread never runs Java, so it stays where the process was started.
  private static final Path OF_PROCESS = Path.of("/proc/self/ns/net");

  private NetworkNamespace() {}

  /// The file `ip netns add NAME` makes.
  public static Path named(String name) {
    return Path.of("/run/netns", name);
  }

  public static long inodeOfCurrentThread() {
    return inode(OF_THREAD);
  }

  /// Of the namespace this process was started in, whether that is the host's or a container's.
  public static long mainInode() {
    return inode(OF_PROCESS);
  }

  /// Of a namespace's file, such as one of [#named] or `/proc/123/ns/net`.
  public static long inode(Path file) {
    try {
      return ((Number) Files.getAttribute(file, "unix:ino")).longValue();
    } catch (IOException unreadable) {
      throw new UncheckedIOException("network namespace " + file, unreadable);
    }
  }

  /// Moves the calling thread into the namespace until the result is closed, by the same thread.
  ///
  /// @throws IllegalStateException on a virtual thread: its carrier would take others along
  /// @throws SystemCallException if there is no such namespace, or we may not enter it
  public static Entered enter(Path file) {
    requirePlatformThread();
    Descriptor before = Libc.open(OF_THREAD);
    try (Descriptor target = Libc.open(file)) {
      Libc.setNetworkNamespace(target);
      return new Entered(before, Thread.currentThread());
    } catch (SystemCallException refused) {
      before.close();
      throw refused;
    }
  }

  /// Moves the calling thread into a new namespace without interfaces, that ends with its users.
  public static Entered enterNew() {
    requirePlatformThread();
    Descriptor before = Libc.open(OF_THREAD);
    try {
      Libc.unshareNetworkNamespace();
      return new Entered(before, Thread.currentThread());
    } catch (SystemCallException refused) {
      before.close();
      throw refused;
    }
  }

  /// Fails unless the calling thread has left the namespace the process was started in: call it
  /// before sending anything that must not reach a real network.
  ///
  /// @throws IllegalStateException if it is still there
  public static void requireNotMain() {
    if (inodeOfCurrentThread() == mainInode()) {
      throw new IllegalStateException("still in the network namespace the process started in");
    }
  }

  private static void requirePlatformThread() {
    if (Thread.currentThread().isVirtual()) {
      throw new IllegalStateException("a virtual thread must not change its network namespace");
    }
  }

  /// The way back. If it fails the thread is in the wrong namespace and must end.
  public static final class Entered implements AutoCloseable {
    private final Descriptor before;
    private final Thread thread;
    private boolean closed;

    private Entered(Descriptor before, Thread thread) {
      this.before = before;
      this.thread = thread;
    }

    @Override
    public void close() {
      if (Thread.currentThread() != thread) {
        throw new IllegalStateException("entered by " + thread.getName());
      }
      if (!closed) {
        closed = true;
        try (before) {
          Libc.setNetworkNamespace(before);
        }
      }
    }
  }
}
