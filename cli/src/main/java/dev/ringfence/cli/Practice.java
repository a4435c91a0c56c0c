package dev.ringfence.cli;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.util.List;

/// Runs one of each command that answers and prints nothing: the launcher keeps what the JVM loaded
/// meanwhile, so that the first real command starts fast.
public final class Practice {
  private Practice() {}

  /// Answers questions about the shop.
  ///
  /// @param args the folder `examples/shop`
  public static void main(String[] args) {
    String shop = args[0];
    List.of(
            List.of("check", shop),
            List.of("check", shop, "-o", "json"),
            List.of("query", "shop/web", "shop/api", "8080", "-o", "json", "-f", shop),
            List.of("list", "-f", shop),
            List.of("list", "-o", "json", "-f", shop),
            List.of("explain", "shop/web", "shop/db", "5432", "-f", shop),
            List.of("explain", "shop/web", "shop/api", "-o", "json", "-f", shop))
        .forEach(Practice::run);
    Main.main(new String[] {"query", "shop/web", "shop/api", "8080", "-f", shop});
  }

  private static void run(List<String> command) {
    OutputStream nowhere = OutputStream.nullOutputStream();
    Main.run(
        command.toArray(String[]::new), new ByteArrayInputStream(new byte[0]), nowhere, nowhere);
  }
}
