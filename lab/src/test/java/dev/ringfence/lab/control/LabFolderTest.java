package dev.ringfence.lab.control;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringfence.lab.netns.Instance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// What one start of a lab keeps others from.
@EnabledOnOs(OS.LINUX)
final class LabFolderTest {
  private final Instance instance = new Instance("lock" + ProcessHandle.current().pid());
  private final Path lock =
      instance.state().resolveSibling(instance.state().getFileName() + ".lock");

  @Test
  void whoHoldsALabKeepsOtherProcessesOut() throws IOException {
    try (LabFolder.Held held = new LabFolder(instance).hold()) {
      Object inode = Files.getAttribute(lock, "unix:ino");
      // Asking for the lock within one process would not show it: the kernel counts by process.
      String mine = " " + ProcessHandle.current().pid() + " ";
      assertTrue(
          Files.readAllLines(Path.of("/proc/locks")).stream()
              .anyMatch(line -> line.contains(mine) && line.contains(":" + inode + " ")),
          () -> "no lock: " + held);
    }
    assertFalse(Files.exists(lock));
  }
}
