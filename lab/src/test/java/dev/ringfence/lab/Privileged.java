package dev.ringfence.lab;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Skips the tests of a class where the kernel cannot be had: no root, or no Linux.
public final class Privileged implements BeforeAllCallback {
  @Override
  public void beforeAll(ExtensionContext context) {
    assumeTrue(
        "root".equals(System.getProperty("user.name"))
            && Files.exists(Path.of("/proc/self/ns/net")),
        "needs root on Linux");
  }
}
