package dev.ringfence.core.cases;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The edge cases of semantics.md section 5 that concern NetworkPolicy, by their numbers there.
///
/// Each is a file among the resources, `catalogue/017.yaml`: objects that stand beside those of
/// `catalogue/world.yaml`, or in their place, and comments that say what must be true.
public final class Catalogue {
  /// `crane/6`, a block of IPv6 that somebody wrote, or what only IPv4 can have.
  private static final String NAMES_A_FAMILY = "(?s).*(/6 |cidr: '|stored IPv4).*";

  private Catalogue() {}

  /// 1 to 105 are about connections, 160 to 182 about what a server takes.
  public static List<Integer> numbers() {
    return IntStream.concat(IntStream.rangeClosed(1, 105), IntStream.rangeClosed(160, 182))
        .boxed()
        .toList();
  }

  /// All of them, or with `-Dcase=17` that one.
  public static Stream<CatalogueCase> all() {
    Integer one = Integer.getInteger("case");
    return (one == null ? numbers() : List.of(one)).stream().map(Catalogue::of);
  }

  /// The case of this number.
  ///
  /// @throws IllegalArgumentException if there is no such case
  public static CatalogueCase of(int number) {
    CatalogueCase found = CatalogueCase.read(text(number), text("world"));
    if (found.number() != number) {
      throw new IllegalArgumentException("the file of case " + number + " has " + found);
    }
    return found;
  }

  /// The same with IPv6 in place of IPv4; empty where the case itself is about a family.
  public static Optional<CatalogueCase> twin(int number) {
    String text = text(number);
    return text.matches(NAMES_A_FAMILY)
        ? Optional.empty()
        : Optional.of(CatalogueCase.read(Twin.of(text), Twin.of(text("world"))));
  }

  private static String text(int number) {
    return text("%03d".formatted(number))
        .replaceAll("(?m)^(# .*)\\bx1\\b", "$1198.51.100.7")
        .replaceAll("(?m)^(# .*)\\bx2\\b", "$1203.0.113.9");
  }

  private static String text(String name) {
    String at = "/catalogue/" + name + ".yaml";
    try (InputStream bytes = Catalogue.class.getResourceAsStream(at)) {
      if (bytes == null) {
        throw new IllegalArgumentException("no " + at);
      }
      return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
