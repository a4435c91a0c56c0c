package dev.ringfence.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.manifest.Tree.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// YAML 1.1 as the API server reads it (S140, S185).
class ScalarsTest {
  @ParameterizedTest
  @CsvSource({
    "y, true",
    "Yes, true",
    "ON, true",
    "True, true",
    "n, false",
    "off, false",
    "FALSE, false",
  })
  void booleans(String text, String value) {
    assertThat(Scalars.plain(text, false)).isEqualTo(new Scalars.Read(Kind.BOOLEAN, value));
  }

  @ParameterizedTest
  @CsvSource({
    "2, 2",
    "+7, 7",
    "-7, -7",
    "0120, 80",
    "0o17, 15",
    "0x50, 80",
    "0b101, 5",
    "-0b101, -5",
    "8_080, 8080",
    "80.0, 80",
    "8e1, 80",
    "09, 9",
    "18446744073709551615, 18446744073709551615",
    "-9223372036854775808, -9223372036854775808",
  })
  void wholeNumbers(String text, String value) {
    assertThat(Scalars.plain(text, false)).isEqualTo(new Scalars.Read(Kind.INTEGER, value));
  }

  @ParameterizedTest
  @CsvSource({
    "1.10, 1.1",
    ".5, 0.5",
    "80.5, 80.5",
    "99999999999999999999, 100000000000000000000",
    "1e21, 1e+21",
    "1.5e-9, 1.5e-9",
  })
  void otherNumbers(String text, String value) {
    assertThat(Scalars.plain(text, false)).isEqualTo(new Scalars.Read(Kind.FRACTION, value));
  }

  @ParameterizedTest
  @CsvSource({
    "2024-01-31",
    "1:30",
    "1.2.3",
    "12e",
    "NaN",
    "yEs",
    "0x",
    "1e999999999",
    "-",
    ".",
    "+",
    "1e400",
    "0xG",
    "..5",
    "nil",
  })
  void strings(String text) {
    assertThat(Scalars.plain(text, false)).isEqualTo(new Scalars.Read(Kind.STRING, text));
  }

  @ParameterizedTest
  @CsvSource({"80.0", "8e1", "80.5", "-1.0"})
  void numbersOfJsonStayAsTheyAre(String text) {
    assertThat(Scalars.plain(text, true)).isEqualTo(new Scalars.Read(Kind.FRACTION, text));
  }

  @Test
  void aLongNumberIsOneInJsonAlone() {
    String digits = "9".repeat(10_000);
    assertThat(Scalars.plain(digits, true)).isEqualTo(new Scalars.Read(Kind.INTEGER, digits));
    assertThat(Scalars.plain(digits, false)).isEqualTo(new Scalars.Read(Kind.STRING, digits));
  }

  @ParameterizedTest
  @CsvSource({
    "010, 8",
    "1_000, 1000",
    "1e3, 1000",
    "1.10, 1.1",
    "0.1, 0.1",
    "1e-7, 1e-07",
    "1e5, 100000",
    "1e6, 1e+06",
    "123456789.0, 1.2345679e+08",
    "-0.0, -0",
    "-9223372036854775809, -9.223372e+18",
  })
  void numbersAsKeys(String text, String key) {
    assertThat(Scalars.key(text, Scalars.plain(text, false).value())).isEqualTo(key);
  }
}
