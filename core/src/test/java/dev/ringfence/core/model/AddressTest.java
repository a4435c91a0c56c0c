package dev.ringfence.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.1",
        "10.1.2",
        "1.2.3.4.5",
        "010.0.0.1",
        "1.2.3.256",
        " 1.2.3.4",
        "1.2.3.4 ",
        "1.2.3.+4",
        "1.2.3.",
        ".1.2.3",
        "0x1.2.3.4",
        "١.2.3.4",
        ":",
        ":::",
        "1::2::3",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7::8",
        "fe80::1%eth0",
        "::1.2.3",
        "::01.2.3.4",
        "g::",
        "12345::",
        "1:",
        ":1",
        "1.2.3.4::",
        "::1.2.3.4:5"
      })
  void refusesWhateverIsNotPlain(String text) {
    assertThat(Address.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.2.3, 10.1.2.3",
    "255.255.255.255, 255.255.255.255",
    "::, ::",
    "::1, ::1",
    "2001:DB8::, 2001:db8::",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
    "::ffff:10.9.0.1, ::ffff:10.9.0.1",
    "64:ff9b::10.0.0.1, 64:ff9b::a00:1",
    "0:0:0:0:0:0:0:0, ::",
    "1::, 1::"
  })
  void printsTheCanonicalForm(String text, String canonical) {
    assertThat(Address.of(text)).hasToString(canonical);
    assertThat(Address.of(canonical)).isEqualTo(Address.of(text));
  }

  @Test
  void readsWhatItPrintsAndAgreesWithTheJdkOnBytes() throws UnknownHostException {
    Random random = new Random(7);
    for (int i = 0; i < 5_000; i++) {
      byte[] bytes = new byte[i % 2 == 0 ? 4 : 16];
      for (int b = 0; b < bytes.length; b++) {
        bytes[b] = random.nextInt(3) == 0 ? (byte) random.nextInt() : 0;
      }
      Address address = Address.ofBytes(bytes);
      assertThat(Address.of(address.toString())).isEqualTo(address);
      assertThat(address.bytes()).isEqualTo(bytes);
      if (address.high() != 0) {
        assertThat(InetAddress.getByName(address.toString()).getAddress()).isEqualTo(bytes);
      }
    }
  }

  @Test
  void stepsAcrossHalvesAndStopsAtTheEnds() {
    assertThat(Address.of("0.0.0.0").previous()).isEmpty();
    assertThat(Address.of("255.255.255.255").next()).isEmpty();
    assertThat(Address.of("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff").next()).isEmpty();
    assertThat(Address.of("::").previous()).isEmpty();
    assertThat(Address.of("::ffff:ffff:ffff:ffff").next()).contains(Address.of("0:0:0:1::"));
    assertThat(Address.of("0:0:0:1::").previous()).contains(Address.of("::ffff:ffff:ffff:ffff"));
  }

  @Test
  void ordersUnsigned() {
    assertThat(Address.of("127.0.0.1")).isLessThan(Address.of("200.0.0.1"));
    assertThat(Address.of("7fff::")).isLessThan(Address.of("8000::"));
    assertThat(Address.of("255.255.255.255")).isLessThan(Address.of("::"));
  }

  @Test
  void ofSaysWhatItCouldNotRead() {
    assertThatThrownBy(() -> Address.of("10.1")).hasMessage("not an address: 10.1");
  }
}
