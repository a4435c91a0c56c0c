package dev.ringfence.lab.api.objects;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Labels that are wanted, as `-l` and the columns write them: `app=web,tier in (a,b),!old`.
///
/// Beside [dev.ringfence.core.model.LabelSelector] it knows what only queries have: `!=`, `<`, `>`.
public record LabelQuery(List<Term> terms) {
  public static final LabelQuery EVERYTHING = new LabelQuery(List.of());

  public LabelQuery {
    terms = List.copyOf(terms);
  }

  /// What is asked of one key.
  enum Operator {
    EQUALS,
    NOT_EQUALS,
    IN,
    NOT_IN,
    EXISTS,
    DOES_NOT_EXIST,
    GREATER,
    LESS
  }

  /// One part of it, all of which must hold.
  record Term(String key, Operator operator, List<String> values) {
    boolean matches(Map<String, String> labels) {
      String has = labels.get(key);
      return switch (operator) {
        case EXISTS -> has != null;
        case DOES_NOT_EXIST -> has == null;
        case EQUALS, IN -> has != null && values.contains(has);
        case NOT_EQUALS, NOT_IN -> has == null || !values.contains(has);
        case GREATER -> has != null && compare(has) > 0;
        case LESS -> has != null && compare(has) < 0;
      };
    }

    /// 0 also where there is nothing to compare.
    private int compare(String has) {
      OptionalLong left = number(has);
      OptionalLong right = number(values.getFirst());
      return left.isEmpty() || right.isEmpty()
          ? 0
          : Long.compare(left.getAsLong(), right.getAsLong());
    }

    @Override
    public String toString() {
      String set = String.join(",", new TreeSet<>(values));
      return switch (operator) {
        case EXISTS -> key;
        case DOES_NOT_EXIST -> "!" + key;
        case EQUALS -> key + "=" + set;
        case NOT_EQUALS -> key + "!=" + set;
        case IN -> key + " in (" + set + ")";
        case NOT_IN -> key + " notin (" + set + ")";
        case GREATER -> key + ">" + set;
        case LESS -> key + "<" + set;
      };
    }
  }

  static OptionalLong number(String text) {
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException no) {
      return OptionalLong.empty();
    }
  }

  /// As it is typed.
  ///
  /// @throws ApiError if it cannot be read
  public static LabelQuery parse(String text) {
    return new LabelQueryReader(text).read();
  }

  /// A `LabelSelector` of an object. Absent, it selects nothing here.
  public static LabelQuery of(JsonNode selector) {
    List<Term> terms = new ArrayList<>();
    Json.pairs(selector, "matchLabels")
        .forEach((key, value) -> terms.add(new Term(key, Operator.EQUALS, List.of(value))));
    for (JsonNode one : Json.items(selector, "matchExpressions")) {
      List<String> values = Json.items(one, "values").stream().map(Json::textAt).toList();
      Operator operator =
          switch (Json.textAt(one, "operator")) {
            case "In" -> Operator.IN;
            case "NotIn" -> Operator.NOT_IN;
            case "Exists" -> Operator.EXISTS;
            case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
            case String other -> throw ApiError.badRequest(other + " is not a valid operator");
          };
      terms.add(new Term(Json.textAt(one, "key"), operator, values));
    }
    terms.sort(Comparator.comparing(Term::key));
    return new LabelQuery(terms);
  }

  public boolean matches(Map<String, String> labels) {
    return terms.stream().allMatch(term -> term.matches(labels));
  }

  public boolean isEverything() {
    return terms.isEmpty();
  }

  @Override
  public String toString() {
    return terms.stream().map(Term::toString).collect(Collectors.joining(","));
  }
}
