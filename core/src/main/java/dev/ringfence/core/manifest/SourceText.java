package dev.ringfence.core.manifest;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// One file to read: its name as typed (`-` for standard input) and its bytes, read once and never
/// closed here.
public record SourceText(String file, InputStream bytes) {
  public static SourceText of(String file, String text) {
    return new SourceText(file, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }
}
