package dev.ringfence.core.compiled;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.core.worlds.Dice;
import dev.ringfence.core.worlds.Seeds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A set of addresses does what a plain set does, and its versions stay as they were.
class AddressSetLaws {
  static LongStream seeds() {
    return Seeds.some(100);
  }

  private record Version(AddressSet set, Set<Address> plain) {}

  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("seeds")
  void versionsAreWhatPlainSetsWouldBe(long seed) {
    Dice dice = new Dice(seed);
    int many = dice.oneOf(3, 20, 100, 2_000);
    List<Version> versions = new ArrayList<>();
    Set<Address> plain = new HashSet<>();
    for (int i = dice.between(0, many); i > 0; i--) {
      plain.add(address(dice, many));
    }
    AddressSet set = AddressSet.of(plain);
    boolean grows = dice.percent(50);
    for (int i = 0; i < 3 * many; i++) {
      Address address = address(dice, many);
      set = dice.percent(grows ? 80 : 20) ? with(set, plain, address) : less(set, plain, address);
      if (dice.percent(1) || i % many == 0) {
        versions.add(new Version(set, Set.copyOf(plain)));
        grows = dice.percent(50);
      }
    }
    for (Version version : versions) {
      check(version.set(), version.plain());
      Version other = dice.pick(versions);
      assertEquals(minus(version, other), listed(version.set().missingFrom(other.set())));
      assertEquals(version.plain().equals(other.plain()), version.set().equals(other.set()));
    }
  }

  private static AddressSet with(AddressSet set, Set<Address> plain, Address address) {
    AddressSet next = set.with(address);
    if (!plain.add(address)) {
      assertSame(set, next);
    }
    return next;
  }

  private static AddressSet less(AddressSet set, Set<Address> plain, Address address) {
    AddressSet next = set.without(address);
    if (!plain.remove(address)) {
      assertSame(set, next);
    }
    return next;
  }

  private static Address address(Dice dice, int many) {
    int number = dice.between(0, 2 * many);
    return number % 3 == 0
        ? Address.ofV6(0xfd44_0000_0000_0000L, number)
        : Address.ofV4((10 << 24) + number);
  }

  private static Set<Address> minus(Version from, Version what) {
    Set<Address> out = new HashSet<>(from.plain());
    out.removeAll(what.plain());
    return out;
  }

  /// Fails where one comes twice.
  private static Set<Address> listed(Iterator<Address> all) {
    Set<Address> out = new HashSet<>();
    all.forEachRemaining(one -> assertTrue(out.add(one), one::toString));
    return out;
  }

  private static void check(AddressSet set, Set<Address> plain) {
    assertEquals(plain, listed(set.iterator()));
    assertEquals(plain.size(), set.size());
    assertEquals(
        plain.stream().filter(one -> one.family() == Family.IPV4).count(), set.count(Family.IPV4));
    assertEquals(set.size() - set.count(Family.IPV4), set.count(Family.IPV6));
    assertTrue(set.containsAll(plain));
    assertEquals(plain, set);
    assertEquals(set, plain);
    assertEquals(AddressSet.of(plain), set);
    assertEquals(plain.hashCode(), set.hashCode());
    assertSame(set, AddressSet.of(set));
  }

  /// Two versions apart by one of 100,000 are told apart without looking at the others.
  @Test
  void aDifferenceIsFoundWithoutLookingAtTheRest() {
    List<Address> all = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      all.add(Address.ofV4((10 << 24) + i));
    }
    AddressSet before = AddressSet.of(all);
    AddressSet after = before.without(all.get(7)).with(Address.of("192.0.2.1"));
    long start = System.nanoTime();
    for (int i = 0; i < 1_000; i++) {
      assertEquals(Address.of("192.0.2.1"), after.missingFrom(before).next());
      assertEquals(all.get(7), before.missingFrom(after).next());
    }
    assertTrue(System.nanoTime() - start < 2_000_000_000L, "2,000 differences in two seconds");
    assertFalse(after.contains(all.get(7)));
  }

  @Test
  void addressesWithOneHashAreStillMany() {
    long odd = 0xD6E8_FEB8_6659_FD93L;
    List<Address> all = new ArrayList<>();
    for (long high = 0; high < 40; high++) {
      all.add(Address.ofV6(high, high * 0x9E37_79B9_7F4A_7C15L ^ odd)); // hashes as 0:…:odd does
    }
    assertEquals(1, all.stream().mapToInt(Address::hashCode).distinct().count());
    AddressSet set = AddressSet.of(all);
    for (Address address : all) {
      set = set.without(address).with(address);
    }
    check(set, Set.copyOf(all));
    for (Address address : all) {
      set = set.without(address);
    }
    assertEquals(AddressSet.EMPTY, set);
  }
}
