package dev.ringfence.lab.api.objects;

import java.util.ArrayList;
import java.util.List;

/// Reads a label query, one character after the other.
final class LabelQueryReader {
  private static final String SPECIAL = "!=<>(), \t";

  private final String text;
  private int at;

  LabelQueryReader(String text) {
    this.text = text;
  }

  LabelQuery read() {
    List<LabelQuery.Term> terms = new ArrayList<>();
    blanks();
    while (at < text.length()) {
      terms.add(term());
      blanks();
      if (at < text.length()) {
        expect(',');
        blanks();
        if (at == text.length()) {
          throw wrong();
        }
      }
    }
    return new LabelQuery(terms);
  }

  private LabelQuery.Term term() {
    if (take("!")) {
      blanks();
      return new LabelQuery.Term(word(), LabelQuery.Operator.DOES_NOT_EXIST, List.of());
    }
    String key = word();
    blanks();
    if (at == text.length() || text.charAt(at) == ',') {
      return new LabelQuery.Term(key, LabelQuery.Operator.EXISTS, List.of());
    }
    if (take("!=")) {
      return single(key, LabelQuery.Operator.NOT_EQUALS);
    }
    if (take("==") || take("=")) {
      return single(key, LabelQuery.Operator.EQUALS);
    }
    if (take(">")) {
      return number(key, LabelQuery.Operator.GREATER);
    }
    if (take("<")) {
      return number(key, LabelQuery.Operator.LESS);
    }
    String operator = word();
    return switch (operator) {
      case "in" -> new LabelQuery.Term(key, LabelQuery.Operator.IN, set());
      case "notin" -> new LabelQuery.Term(key, LabelQuery.Operator.NOT_IN, set());
      default -> throw wrong();
    };
  }

  private LabelQuery.Term single(String key, LabelQuery.Operator operator) {
    blanks();
    return new LabelQuery.Term(key, operator, List.of(maybeWord()));
  }

  private LabelQuery.Term number(String key, LabelQuery.Operator operator) {
    blanks();
    String value = word();
    if (LabelQuery.number(value).isEmpty()) {
      throw wrong();
    }
    return new LabelQuery.Term(key, operator, List.of(value));
  }

  private List<String> set() {
    blanks();
    expect('(');
    List<String> out = new ArrayList<>();
    do {
      blanks();
      out.add(maybeWord());
      blanks();
    } while (take(","));
    expect(')');
    return out;
  }

  private String word() {
    String out = maybeWord();
    if (out.isEmpty()) {
      throw wrong();
    }
    return out;
  }

  private String maybeWord() {
    int start = at;
    while (at < text.length() && SPECIAL.indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(start, at);
  }

  private void blanks() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
  }

  private boolean take(String wanted) {
    boolean there = text.startsWith(wanted, at);
    at += there ? wanted.length() : 0;
    return there;
  }

  private void expect(char wanted) {
    if (!take(String.valueOf(wanted))) {
      throw wrong();
    }
  }

  private ApiError wrong() {
    String found = at < text.length() ? "'" + text.charAt(at) + "'" : "''";
    return ApiError.badRequest(
        "unable to parse requirement: found "
            + found
            + " at "
            + at
            + " of label selector: "
            + text);
  }
}
