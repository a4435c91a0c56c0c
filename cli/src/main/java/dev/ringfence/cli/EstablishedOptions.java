package dev.ringfence.cli;

import dev.ringfence.nftables.table.Established;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What becomes of connections that a change denies (S85).
final class EstablishedOptions {
  @Option(
      names = "--established",
      paramLabel = "cut|keep",
      description =
          "Connections that a change denies are cut from their next packet on, or stay until they"
              + " end (default: ${DEFAULT-VALUE}).",
      defaultValue = "cut")
  String established = "cut";

  @Option(
      names = "--established-mark",
      paramLabel = "0xBITS",
      description =
          "With --established=keep: the bits of a connection's mark that say it was accepted, which"
              + " nobody else may set (default: 0x20000000).")
  @Nullable String mark;

  Established choice() {
    return switch (established) {
      case "cut" -> {
        if (mark != null) {
          throw new Failure("--established-mark says something with --established=keep only");
        }
        yield Established.CUT;
      }
      case "keep" -> mark == null ? Established.Keep.STANDARD : new Established.Keep(bits(mark));
      default -> throw new Failure("--established=" + established + ": say cut or keep");
    };
  }

  private static int bits(String text) {
    Failure wrong =
        new Failure("--established-mark=" + text + ": say bits, such as 0x20000000, but not 0");
    if (!text.matches("0x[0-9a-fA-F]{1,8}")) {
      throw wrong;
    }
    int bits = Integer.parseUnsignedInt(text.substring(2), 16);
    if (bits == 0) {
      throw wrong;
    }
    return bits;
  }
}
