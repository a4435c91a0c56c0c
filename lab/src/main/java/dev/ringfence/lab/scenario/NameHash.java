package dev.ringfence.lab.scenario;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/// A number that follows from a name alone, so that what is chosen by it stays from run to run.
final class NameHash {
  private NameHash() {}

  /// 0 to 2³² - 1.
  static long of(String name) {
    CRC32 crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    return crc.getValue();
  }
}
