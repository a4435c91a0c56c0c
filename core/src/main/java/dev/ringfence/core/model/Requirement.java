package dev.ringfence.core.model;

import java.util.List;
import java.util.Map;

/// One term of a label selector (S23); keys and values are compared exactly (S24).
public sealed interface Requirement {
  String key();

  boolean matches(Map<String, String> labels);

  /// A `matchLabels` pair.
  record Equal(String key, String value) implements Requirement {
    @Override
    public boolean matches(Map<String, String> labels) {
      return value.equals(labels.get(key));
    }
  }

  /// Operator `In`: the key is present with one of the values.
  record In(String key, List<String> values) implements Requirement {
    public In {
      values = List.copyOf(values);
    }

    @Override
    public boolean matches(Map<String, String> labels) {
      String value = labels.get(key);
      return value != null && values.contains(value);
    }
  }

  /// Operator `NotIn`: the key is absent, or has none of the values.
  record NotIn(String key, List<String> values) implements Requirement {
    public NotIn {
      values = List.copyOf(values);
    }

    @Override
    public boolean matches(Map<String, String> labels) {
      String value = labels.get(key);
      return value == null || !values.contains(value);
    }
  }

  /// Operator `Exists`: the key is present, an empty value included.
  record Exists(String key) implements Requirement {
    @Override
    public boolean matches(Map<String, String> labels) {
      return labels.containsKey(key);
    }
  }

  /// Operator `DoesNotExist`: the key is absent.
  record DoesNotExist(String key) implements Requirement {
    @Override
    public boolean matches(Map<String, String> labels) {
      return !labels.containsKey(key);
    }
  }
}
