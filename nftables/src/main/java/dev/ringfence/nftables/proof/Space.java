package dev.ringfence.nftables.proof;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The fields that some kind of traffic has; the first is the situation a packet is in.
final class Space {
  private final List<Field> fields = new ArrayList<>();
  private final Map<String, Field> others = new HashMap<>();
  private final Field situation;
  private final BitSet situations = new BitSet();

  /// @param situations how many there are
  Space(int situations) {
    this.situation = field("situation", Domain.ofBytes(1));
    this.situations.set(0, situations);
  }

  Field field(String name, Domain domain) {
    Field field = new Field(fields.size(), name, domain);
    fields.add(field);
    return field;
  }

  /// A field that only rules know of: free to have any value of so many bytes.
  Field other(String what, int bytes) {
    return others.computeIfAbsent(what, name -> field(name, Domain.ofBytes(bytes)));
  }

  Field other(String what, Domain domain) {
    return others.computeIfAbsent(what, name -> field(name, domain));
  }

  Field situation() {
    return situation;
  }

  BitSet situations() {
    return situations;
  }

  List<Field> fields() {
    return Collections.unmodifiableList(fields);
  }

  /// Once every question was asked.
  void settle() {
    fields.stream().map(Field::domain).distinct().forEach(Domain::settle);
  }
}
