package dev.ringfence.lab.netns;

import dev.ringfence.core.cluster.OutsideHost;
import dev.ringfence.core.cluster.Pod;
import dev.ringfence.lab.scenario.End;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/// One lab among several on a machine: its name is part of every name it makes.
///
/// @param name lower-case letters and digits, so that no instance's prefix begins another's
public record Instance(String name) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]{1,20}");

  public static final Instance DEFAULT = new Instance("lab");

  /// The longest name that the file system takes is 255 bytes.
  private static final int LONGEST = 200;

  public Instance {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "an instance's name is 1 to 20 lower-case letters and digits: " + name);
    }
  }

  /// What the names of all its network namespaces begin with.
  public String prefix() {
    return "rf-" + name + "-";
  }

  /// The namespace that routes between the nodes and the hosts outside.
  public String outside() {
    return prefix() + "outside";
  }

  public String node(String node) {
    return shortened("node." + node);
  }

  public String host(OutsideHost host) {
    return shortened("host." + host.name());
  }

  public String pod(Pod pod) {
    return shortened("pod." + pod.namespace() + "." + pod.name().name());
  }

  /// The namespace an end of a probe lives in.
  public String of(End end) {
    return switch (end) {
      case End.OfPod(var pod, var addresses) -> pod(pod);
      case End.OfHostPod(var pod, var addresses, var ports) -> node(pod.node().orElseThrow());
      case End.OfHost(var host) -> host(host);
    };
  }

  /// The node's end of a pod's wire, or the outside's end of a node's: 15 bytes at most.
  static String wire(String ofWhom) {
    return "rf-" + hash(ofWhom);
  }

  /// A link address of our own making, the same for one name always.
  static String hardware(String ofWhom) {
    return "02:52" + hash(ofWhom).replaceAll("(..)", ":$1");
  }

  /// Where the running lab keeps what it must find again.
  public Path state() {
    return stateRoot().resolve(name);
  }

  /// `/run/ringfence` for root, else below `$XDG_RUNTIME_DIR`, else below the temporary folder.
  static Path stateRoot() {
    if ("root".equals(System.getProperty("user.name"))) {
      return Path.of("/run/ringfence");
    }
    String runtime = System.getenv("XDG_RUNTIME_DIR");
    return runtime != null && !runtime.isEmpty()
        ? Path.of(runtime, "ringfence")
        : Path.of(
            System.getProperty("java.io.tmpdir"), "ringfence-" + System.getProperty("user.name"));
  }

  private String shortened(String what) {
    String whole = prefix() + what;
    return whole.length() <= LONGEST ? whole : whole.substring(0, LONGEST) + "." + hash(whole);
  }

  private static String hash(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().toHexDigits(crc.getValue(), 8);
  }
}
