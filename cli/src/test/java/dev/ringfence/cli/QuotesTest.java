package dev.ringfence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.manifest.Place;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The right line under the right caret, whatever the text.
final class QuotesTest {
  private static Optional<Quote> quote(byte[] text, int line, int column) {
    Place place = new Place("a", line, column);
    return Quotes.of(List.of(place), _ -> new ByteArrayInputStream(text)).of(place);
  }

  private static Quote quote(String text, int line, int column) {
    return quote(text.getBytes(StandardCharsets.UTF_8), line, column).orElseThrow();
  }

  @Test
  void linesEndAsTheReaderCountsThem() {
    assertThat(quote("one\r\ntwo\rthree\nfour", 4, 2)).isEqualTo(new Quote("four", 1));
    assertThat(quote("one\r\ntwo\rthree\nfour", 3, 1)).isEqualTo(new Quote("three", 0));
    assertThat(quote("x\n".repeat(100_000) + "y\r\n", 100_001, 1)).isEqualTo(new Quote("y", 0));
  }

  @Test
  void severalMistakesOfOneLineAreQuotedEach() {
    List<Place> places = List.of(new Place("a", 2, 1), new Place("a", 2, 3), new Place("a", 3, 1));
    Quotes quotes =
        Quotes.of(
            places, _ -> new ByteArrayInputStream("a\nbcd\ne".getBytes(StandardCharsets.UTF_8)));
    assertThat(places.stream().map(place -> quotes.of(place).orElseThrow()))
        .containsExactly(new Quote("bcd", 0), new Quote("bcd", 2), new Quote("e", 0));
  }

  @Test
  void columnsCountCharactersNotBytes() {
    assertThat(quote("größe: 😀x", 1, 9)).isEqualTo(new Quote("größe: 😀x", 8));
  }

  @Test
  void aLongLineIsCutAroundTheMistake() {
    Quote cut = quote("x".repeat(1_000) + "!" + "y".repeat(1_000), 1, 1_001);
    assertThat(cut.text()).hasSize(126).startsWith("...x").endsWith("y...");
    assertThat(cut.text().charAt(cut.column())).isEqualTo('!');
    Quote last = quote("x".repeat(1_000) + "!", 1, 1_001);
    assertThat(last.text()).endsWith("x!");
    assertThat(last.text().charAt(last.column())).isEqualTo('!');
  }

  @Test
  void whatATerminalWouldObeyIsNotPrinted() {
    assertThat(quote("a\u001b[31mb\tc\u202ed", 1, 1))
        .isEqualTo(new Quote("a\uFFFD[31mb c\uFFFDd", 0));
  }

  @Test
  void aPlaceBehindTheEndAndAFileThatIsGoneDoNoHarm() {
    assertThat(quote("a", 5, 7)).isEqualTo(new Quote("", 0));
    Place place = new Place("a", 1, 1);
    Quotes gone =
        Quotes.of(
            List.of(place),
            _ -> {
              throw new IOException("gone");
            });
    assertThat(gone.of(place)).isEmpty();
  }
}
