package dev.ringfence.nftables.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ringfence.nftables.ScratchNamespace;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class NetworkNamespaceTest {
  @Test
  void aThreadGoesInAndComesBack() throws Exception {
    try (var scratch = ScratchNamespace.create()) {
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread thread =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  long before = NetworkNamespace.inodeOfCurrentThread();
                  assertEquals(NetworkNamespace.mainInode(), before);
                  assertThrows(IllegalStateException.class, NetworkNamespace::requireNotMain);
                  try (var _ = NetworkNamespace.enter(scratch.file())) {
                    NetworkNamespace.requireNotMain();
                    assertEquals(
                        NetworkNamespace.inode(scratch.file()),
                        NetworkNamespace.inodeOfCurrentThread());
                    assertNotEquals(before, NetworkNamespace.inodeOfCurrentThread());
                    assertEquals(1, Libc.interfaceIndex("lo"));
                  }
                  assertEquals(before, NetworkNamespace.inodeOfCurrentThread());
                } catch (Throwable failed) {
                  thrown.set(failed);
                }
              });
      thread.join();
      assertNull(thrown.get(), () -> String.valueOf(thrown.get()));
    }
  }

  @Test
  void aVirtualThreadIsRefused() throws Exception {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread.ofVirtual()
        .start(() -> {
          try (var _ = NetworkNamespace.enter(NetworkNamespace.named("rf-none"))) {
            throw new AssertionError("entered");
          } catch (IllegalStateException refused) {
            thrown.set(refused);
          }
        })
        .join();
    assertInstanceOf(IllegalStateException.class, thrown.get());
  }

  @Test
  void aMissingNamespaceIsNamedByTheKernel() {
    SystemCallException refused =
        assertThrows(
            SystemCallException.class,
            () -> NetworkNamespace.enter(NetworkNamespace.named("rf-none")));
    assertEquals("open", refused.call());
    assertEquals(Errno.ENOENT, refused.errno());
    assertEquals("open: No such file or directory (errno 2)", refused.getMessage());
  }
}
