package dev.ringfence.core.manifest;

import dev.ringfence.core.model.LabelSelector;
import dev.ringfence.core.model.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A label selector, checked in the server's order: labels, then for each expression operator or
/// presence of values, key, values (S133, S145 to S149).
final class SelectorBinder {
  private final Findings findings;
  private final PolicyRules rules;

  SelectorBinder(Findings findings, PolicyRules rules) {
    this.findings = findings;
    this.rules = rules;
  }

  /// Empty where it cannot be evaluated: an operator that is none, or its values missing or too
  /// many. Illegal keys and values are reported and still compared as plain strings (S30).
  Optional<LabelSelector> bind(Tree.Mapping selector, Path path) {
    List<Requirement> all = new ArrayList<>();
    if (!rules.stored()) {
      new LabelCheck(findings, rules.release()).pairs(selector, "matchLabels", path);
    }
    Map<String, String> pairs = Values.strings(selector, "matchLabels");
    boolean readable = true;
    Path list = path.field(selector, "matchExpressions");
    int i = 0;
    for (Tree item : Values.items(selector, "matchExpressions")) {
      Tree.Mapping expression = Values.item(item);
      if (expression == null) {
        readable = false;
      } else {
        Optional<Requirement> one = expression(expression, list.item(i, item));
        one.ifPresent(all::add);
        readable &= one.isPresent();
      }
      i++;
    }
    return readable ? Optional.of(LabelSelector.of(pairs, all)) : Optional.empty();
  }

  private Optional<Requirement> expression(Tree.Mapping expression, Path path) {
    String key = Values.text(expression, "key").orElse("");
    String operator = Values.text(expression, "operator").orElse("");
    List<String> values = new ArrayList<>();
    for (Tree item : Values.items(expression, "values")) {
      String value = Values.itemText(item);
      if (value != null) {
        values.add(value);
      }
    }
    boolean written = !Values.items(expression, "values").isEmpty();
    Optional<Requirement> read =
        switch (operator) {
          case "In" -> needs(written, expression, path, new Requirement.In(key, values));
          case "NotIn" -> needs(written, expression, path, new Requirement.NotIn(key, values));
          case "Exists" -> refuses(written, expression, path, new Requirement.Exists(key));
          case "DoesNotExist" ->
              refuses(written, expression, path, new Requirement.DoesNotExist(key));
          default -> {
            if (isTextOrAbsent(expression, "operator")) {
              findings.invalid(
                  path.field(expression, "operator"),
                  GoText.json(operator),
                  "not a valid selector operator",
                  Hints.operator(operator));
            }
            yield Optional.empty();
          }
        };
    if (!rules.stored()) {
      keyAndValues(expression, path, key);
    }
    return read;
  }

  private void keyAndValues(Tree.Mapping expression, Path path, String key) {
    if (isTextOrAbsent(expression, "key")) {
      for (String mistake : Names.labelKey(key, rules.release())) {
        findings.invalid(path.field(expression, "key"), GoText.quote(key), mistake);
      }
    }
    if (!rules.checksValues()) {
      return;
    }
    Path list = path.field(expression, "values");
    int i = 0;
    for (Tree item : Values.items(expression, "values")) {
      String value = Values.itemText(item);
      if (value != null) {
        for (String mistake : Names.labelValue(value, rules.release())) {
          findings.invalid(list.item(i, item), GoText.quote(value), mistake);
        }
      }
      i++;
    }
  }

  private static boolean isTextOrAbsent(Tree.Mapping in, String key) {
    return in.get(key) == null || Values.text(in, key).isPresent();
  }

  private Optional<Requirement> needs(
      boolean written, Tree.Mapping expression, Path path, Requirement read) {
    if (written) {
      return Optional.of(read);
    }
    Tree values = expression.get("values");
    if (values == null || values instanceof Tree.Sequence) {
      findings.required(
          path.field(expression, "values"), "must be specified when `operator` is 'In' or 'NotIn'");
    }
    return Optional.empty();
  }

  private Optional<Requirement> refuses(
      boolean written, Tree.Mapping expression, Path path, Requirement read) {
    if (!written) {
      return Optional.of(read);
    }
    findings.forbidden(
        path.field(expression, "values"),
        "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
    return Optional.empty();
  }
}
