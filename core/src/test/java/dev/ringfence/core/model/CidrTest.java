package dev.ringfence.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/08",
        "10.0.0.0/+8",
        "10.0.0.0/-1",
        "10/8",
        "::/129",
        "10.0.0.0/8/8",
        "10.0.0.0 /8",
        "fe80::1%eth0/64",
        "/8"
      })
  void refusesWhateverIsNotPlain(String text) {
    assertThat(Cidr.parse(text)).isEmpty();
  }

  @Test
  void cutsHostBits_S39() {
    assertThat(Cidr.of("10.9.8.7/16")).hasToString("10.9.0.0/16");
    assertThat(Cidr.of("2001:db8::1/32")).hasToString("2001:db8::/32");
    assertThat(Cidr.of("255.255.255.255/0")).hasToString("0.0.0.0/0");
  }

  @Test
  void bothBoundsAreInside_S36() {
    Cidr cidr = Cidr.of("198.51.100.0/24");
    assertThat(cidr.contains(Address.of("198.51.100.0"))).isTrue();
    assertThat(cidr.contains(Address.of("198.51.100.255"))).isTrue();
    assertThat(cidr.contains(Address.of("198.51.101.0"))).isFalse();
    assertThat(cidr.contains(Address.of("198.51.99.255"))).isFalse();
  }

  @Test
  void familiesDoNotMix_S38() {
    assertThat(Cidr.of("0.0.0.0/0").contains(Address.of("2001:db8::1"))).isFalse();
    assertThat(Cidr.of("::/0").contains(Address.of("10.0.0.1"))).isFalse();
    assertThat(Cidr.of("::/0").contains(Address.of("::ffff:10.0.0.1"))).isTrue();
  }

  @Test
  void exceptsActOnTheirOwnBlockOnly_S37() {
    IpBlock block = new IpBlock(Cidr.of("198.51.100.0/24"), List.of(Cidr.of("198.51.100.0/29")));
    assertThat(block.contains(Address.of("198.51.100.7"))).isFalse();
    assertThat(block.contains(Address.of("198.51.100.8"))).isTrue();
    assertThat(block.coversFamily()).isFalse();
    assertThat(new IpBlock(Cidr.of("::/0"), List.of()).coversFamily()).isTrue();
  }

  @Test
  void aRangeIsTheCidrsItIsMadeOf() {
    Random random = new Random(11);
    for (int i = 0; i < 500; i++) {
      Address a = random(random, i % 2 == 0);
      Address b = random(random, i % 2 == 0);
      AddressRange range = a.compareTo(b) <= 0 ? new AddressRange(a, b) : new AddressRange(b, a);
      List<Cidr> cidrs = range.asCidrs();
      assertThat(cidrs.getFirst().first()).isEqualTo(range.first());
      assertThat(cidrs.getLast().last()).isEqualTo(range.last());
      for (int c = 1; c < cidrs.size(); c++) {
        assertThat(cidrs.get(c - 1).last().next()).contains(cidrs.get(c).first());
      }
    }
  }

  @Test
  void aRangeThatIsOneCidrIsWrittenAsOne() {
    assertThat(AddressRange.all(Family.IPV6)).hasToString("::/0");
    assertThat(new AddressRange(Address.of("0.0.0.0"), Address.of("9.255.255.255")))
        .hasToString("0.0.0.0-9.255.255.255");
    assertThat(new AddressRange(Address.of("10.0.0.1"), Address.of("10.0.0.1")))
        .hasToString("10.0.0.1/32");
  }

  private static Address random(Random random, boolean v4) {
    return v4
        ? Address.ofV4(random.nextInt())
        : Address.ofV6(random.nextLong(), random.nextBoolean() ? random.nextLong() : -1L);
  }
}
