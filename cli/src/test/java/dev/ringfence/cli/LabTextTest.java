package dev.ringfence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.report.LabReport;
import dev.ringfence.report.LabReport.Denial;
import dev.ringfence.report.LabReport.End;
import dev.ringfence.report.ProbeReport;
import dev.ringfence.report.ProbeReport.Probe;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a person sees after a round of probes.
final class LabTextTest {
  private static final List<End> ENDS =
      List.of(
          new End("shop/pod/web-1", "shop/deployment/web", List.of("8080/TCP")),
          new End("shop/pod/db-0", "shop/statefulset/db", List.of("5432/TCP")),
          new End("customer.example", "customer.example", List.of()));

  @Test
  void whatDiffersIsNamedAndCounted() {
    var out = new ByteArrayOutputStream();
    Console console =
        Console.of(new ByteArrayInputStream(new byte[0]), out, new ByteArrayOutputStream());
    int exit =
        new LabOutcome(console, Format.TEXT)
            .show(
                new LabReport(
                    ProbeReport.of(
                        "kernel",
                        List.of(
                            probe("shop/pod/web-1", "shop/pod/db-0", 5432, "IPv4", "denied", true),
                            probe("shop/pod/web-1", "shop/pod/db-0", 5432, "IPv6", "denied", true),
                            probe(
                                "customer.example",
                                "shop/pod/web-1",
                                8080,
                                "IPv4",
                                "allowed",
                                true),
                            probe(
                                "customer.example",
                                "shop/pod/web-1",
                                8080,
                                "IPv6",
                                "allowed",
                                false),
                            probe(
                                "shop/pod/db-0",
                                "shop/pod/web-1",
                                61_999,
                                "IPv4",
                                "denied",
                                false))),
                    ENDS,
                    List.of(
                        new Denial(
                            "networkpolicy/shop/db",
                            3,
                            List.of("shop/statefulset/db"),
                            List.of("shop/statefulset/db"))),
                    List.of("shop/pod/x: it is finished")));
    console.out().flush();
    assertThat(exit).isEqualTo(1);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            """
            from \\ to         shop/web  shop/db
                              8080      5432
            shop/web                    !
            shop/db
            customer.example  !
            ✓ allowed  · denied  ~ some pods or families only  ! packet and answer differ

            networkpolicy/shop/db denies 3: out of shop/db; into shop/db
            not probed: shop/pod/x: it is finished
            DIFFERS shop/web-1 -> shop/db-0 TCP/5432: answer denied, packet allowed
            DIFFERS customer.example -> shop/web-1 TCP/8080: answer allowed, packet denied \
            (IPv6 only)

            5 probes: 2 allowed, 3 denied, 3 differ
            """);
  }

  private static Probe probe(
      String from, String to, int port, String family, String answer, boolean passed) {
    return new Probe(from, to, "TCP", port, family, answer, passed ? "allowed" : "denied");
  }
}
