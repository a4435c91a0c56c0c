package dev.ringfence.cli;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Runs one of each command that answers and prints nothing: the launcher keeps what the JVM loaded
/// meanwhile, so that the first real command starts fast.
public final class Practice {
  /// What people get wrong, so that saying so starts fast as well.
  private static final String WRONG =
      """
      apiVersion: v1
      kind: ServiceAccount
      metadata: {name: skipped}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, labels: {app: web}}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: wrong}
      spec:
        podSelectr: {}
        podSelector: {matchExpressions: [{key: app, operator: Like, values: [web]}]}
        ingress:
          - from:
              - ipBlock: {cidr: 10.0.0.1/8, except: [192.0.2.0/24]}
            ports: [{port: 0}, {port: "no port"}]
      """;

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
        .forEach(command -> run(command, ""));
    List.of(
            List.of("check", "-"),
            List.of("check", "-", "-o", "json"),
            List.of("list", "--skip-invalid", "-f", "-"))
        .forEach(command -> run(command, WRONG));
    Main.main(new String[] {"query", "shop/web", "shop/api", "8080", "-f", shop});
  }

  private static void run(List<String> command, String in) {
    OutputStream nowhere = OutputStream.nullOutputStream();
    InputStream text = new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8));
    Main.run(command.toArray(String[]::new), text, nowhere, nowhere);
  }
}
