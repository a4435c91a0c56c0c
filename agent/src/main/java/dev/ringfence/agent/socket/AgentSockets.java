package dev.ringfence.agent.socket;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/// Where the sockets of agents are.
public final class AgentSockets {
  /// What only root may enter.
  public static final Path FOLDER = Path.of("/run/ringfence");

  private static final String SUFFIX = ".sock";
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");

  /// An address of a Unix socket has 108 bytes, of which the last is a zero.
  private static final int LONGEST_NAME =
      107 - "/run/ringfence/".length() - "+4194304".length() - SUFFIX.length();

  private static final int DIGITS = 16;

  private AgentSockets() {}

  /// Where the agent of a node listens unless it is told otherwise.
  ///
  /// @throws IllegalArgumentException if no node can be called that
  public static Path of(String node) {
    return FOLDER.resolve(name(node) + SUFFIX);
  }

  /// Where this process listens if another agent of a node of that name does there.
  public static Path another(String node) {
    return FOLDER.resolve(name(node) + "+" + ProcessHandle.current().pid() + SUFFIX);
  }

  private static String name(String node) {
    if (!node.matches("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")) {
      throw new IllegalArgumentException("not a node's name: " + node);
    }
    return node.length() <= LONGEST_NAME
        ? node
        : node.substring(0, LONGEST_NAME - DIGITS - 1) + "-" + hash(node);
  }

  /// Those of agents of one node, whether somebody listens or not.
  ///
  /// @throws IllegalArgumentException if no node can be called that
  public static List<Path> allOf(String node) throws IOException {
    String name = name(node);
    return all().stream()
        .filter(one -> {
          String file = String.valueOf(one.getFileName());
          return file.equals(name + SUFFIX) || file.startsWith(name + "+");
        })
        .toList();
  }

  /// Those that are there, whether somebody listens or not, in the order of their names.
  public static List<Path> all() throws IOException {
    List<Path> out = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(FOLDER, "*" + SUFFIX)) {
      files.forEach(out::add);
    } catch (NoSuchFileException | NotDirectoryException none) {
      return List.of();
    }
    out.sort(null);
    return out;
  }

  /// Sees to it that the folder of a file is there; ours, and one that is made, is private.
  public static void makeFolderOf(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException("not a file: " + file);
    }
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(PRIVATE));
    }
    if (folder.equals(FOLDER)) {
      Files.setPosixFilePermissions(folder, PRIVATE);
    }
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
