package dev.ringfence.lab.api.objects;

import java.util.List;
import java.util.Map;

/// What a field can hold.
public sealed interface Type {
  /// One value: `string`, `int32`, `bool`, `time`, …
  record Value(String name) implements Type {}

  /// An object that nobody here looks into.
  record Anything() implements Type {}

  /// String keys to values.
  record MapOf(Value item) implements Type {}

  /// A list.
  ///
  /// @param keys of an item by which lists are merged; empty if a list is replaced whole
  record ListOf(Type item, List<String> keys) implements Type {
    public ListOf {
      keys = List.copyOf(keys);
    }
  }

  /// A list whose values are its keys.
  record SetOf(Type item) implements Type {}

  /// An object with named fields.
  ///
  /// @param fields in the order in which they are explained
  record Struct(
      String name, String fullName, boolean atomic, String about, Map<String, Field> fields)
      implements Type {}

  /// The name of a struct; see [Types#struct].
  record Named(String name) implements Type {}

  /// One field of a struct.
  ///
  /// @param optional whether absent and empty differ
  record Field(String name, Type type, boolean required, boolean optional, String about) {}
}
