package dev.ringfence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The matrix a person reads, wide and narrow.
final class MatrixTextTest {
  private static final List<String> ORDER =
      List.of("shop/deployment/web", "shop/statefulset/db", "payments.example");
  private static final List<Probed> PROBES =
      List.of(
          new Probed("shop/deployment/web", "shop/statefulset/db", "5432", false, false),
          new Probed("shop/deployment/web", "shop/statefulset/db", "other", false, false),
          new Probed("shop/deployment/web", "payments.example", "443", true, true),
          new Probed("shop/deployment/web", "payments.example", "443", false, false),
          new Probed("shop/statefulset/db", "shop/deployment/web", "53/udp", true, true),
          new Probed("shop/statefulset/db", "shop/deployment/web", "8080", true, false),
          new Probed("payments.example", "shop/deployment/web", "other", true, true));

  @Test
  void namesHeadTheColumnsWhereThereIsRoom() {
    assertThat(text(120, Paint.NONE, null))
        .isEqualTo(
            """
            from \\ to         shop/web             shop/db  payments.example
                              53/udp  8080  other  5432     443
            shop/web                               ·        ~
            shop/db           ✓       !
            payments.example                ✓
            ✓ allowed  · denied  ~ some pods or families only  ! packet and answer differ
            other: a port that nobody declares, TCP and UDP
            """);
  }

  @Test
  void numbersHeadThemWhereThereIsNot() {
    assertThat(text(22, Paint.NONE, null))
        .isEqualTo(
            """
            from \\ to        1 2 3
            shop/web
            shop/db          ✓ !
            payments.example     ✓

            from \\ to        4 5
            shop/web         · ~
            shop/db
            payments.example

            1  shop/web 53/udp
            2  shop/web 8080
            3  shop/web other
            4  shop/db 5432
            5  payments.example 443
            ✓ allowed  · denied  ~ some pods or families only  ! packet and answer differ
            other: a port that nobody declares, TCP and UDP
            """);
  }

  @Test
  void whatChangedStandsOut() {
    Matrix before =
        Matrix.of(
            List.of(
                new Probed("shop/deployment/web", "shop/statefulset/db", "5432", true, true),
                new Probed("shop/statefulset/db", "shop/deployment/web", "53/udp", true, true)),
            ORDER);
    Matrix now =
        Matrix.of(
            List.of(
                new Probed("shop/deployment/web", "shop/statefulset/db", "5432", false, false),
                new Probed("shop/statefulset/db", "shop/deployment/web", "53/udp", true, true)),
            ORDER);
    assertThat(
            String.join("\n", MatrixText.lines(now, "from \\ to", console(80, Paint.ANSI), before)))
        .contains("\u001b[7m·\u001b[0m")
        .contains("\u001b[32m✓\u001b[0m");
  }

  private static String text(int width, Paint paint, @Nullable Matrix before) {
    Console console = console(width, paint);
    Matrix matrix = Matrix.of(PROBES, ORDER);
    return String.join("\n", MatrixText.lines(matrix, "from \\ to", console, before))
        + "\n"
        + MatrixText.legend(List.of(matrix), console)
        + "\n";
  }

  private static Console console(int width, Paint paint) {
    var nowhere =
        new PrintWriter(
            new ByteArrayOutputStream(), false, java.nio.charset.StandardCharsets.UTF_8);
    return new Console(
        new ByteArrayInputStream(new byte[0]), nowhere, nowhere, true, width, paint, true);
  }
}
