package dev.ringfence.core.manifest;

import dev.ringfence.core.model.Spelling;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What a mistake was probably meant to be, beside the server's words: one short phrase, or empty.
final class Hints {
  /// Where each struct of a policy stands, as a person says it.
  private static final Map<String, String> PLACES =
      Map.of(
          "ObjectMeta", "`metadata`",
          "NetworkPolicySpec", "`spec`",
          "NetworkPolicyIngressRule", "an item of `ingress`",
          "NetworkPolicyEgressRule", "an item of `egress`",
          "NetworkPolicyPort", "an item of `ports`",
          "NetworkPolicyPeer", "an item of `from` or `to`",
          "IPBlock", "`ipBlock`",
          "LabelSelector", "a selector",
          "LabelSelectorRequirement", "an item of `matchExpressions`");

  private Hints() {}

  /// @param holder the struct that has no such field
  static String unknown(String key, Schema.Struct holder, Path at) {
    for (String field : holder.fields().keySet()) {
      if (field.equalsIgnoreCase(key)) {
        return "did you mean `" + field + "`?";
      }
    }
    if (!PLACES.containsKey(holder.goName())) {
      return "";
    }
    Set<String> homes = new TreeSet<>();
    homesOf(key, PolicySchema.NETWORK_POLICY, homes);
    homes.removeIf(home -> home.equals(otherDirection(at.toString())) && homes.size() > 1);
    if (!homes.isEmpty()) {
      return "`" + key + "` belongs to " + PLACES.get(homes.iterator().next());
    }
    return Spelling.nearest(key, new TreeSet<>(holder.fields().keySet()))
        .map(field -> "did you mean `" + field + "`?")
        .orElse(holder.goName().equals("LabelSelector") ? "labels belong below `matchLabels`" : "");
  }

  private static String otherDirection(String path) {
    return path.startsWith("spec.ingress") ? "NetworkPolicyEgressRule" : "NetworkPolicyIngressRule";
  }

  /// Every struct below `in` that has the field and a place of its own.
  private static void homesOf(String key, Schema in, Set<String> into) {
    switch (in) {
      case Schema.Struct struct -> {
        boolean told = PLACES.containsKey(struct.goName()) && !struct.goName().equals("ObjectMeta");
        if (told && struct.fields().containsKey(key)) {
          into.add(struct.goName());
        }
        struct.fields().values().forEach(field -> homesOf(key, field, into));
      }
      case Schema.ListOf(Schema item) -> homesOf(key, item, into);
      case Schema.Pointer(Schema to) -> homesOf(key, to, into);
      default -> {}
    }
  }

  /// @param wanted what should stand where `found` stands
  static String type(Tree found, Schema wanted) {
    return switch (wanted) {
      case Schema.Text _, Schema.Time _ -> text(found);
      case Schema.ListOf _ ->
          found instanceof Tree.Mapping
              ? "a list is wanted: put `- ` before its first field"
              : "a list is wanted";
      case Schema.Struct _ ->
          found instanceof Tree.Sequence
              ? "one object is wanted, not a list: leave out the `- `"
              : "an object is wanted: `key: value` pairs";
      case Schema.Strings _ ->
          found instanceof Tree.Sequence
              ? "labels are pairs, not a list: leave out the `- `"
              : "pairs are wanted: `key: value`";
      case Schema.Bool _ -> "true or false is wanted";
      case Schema.Whole _, Schema.IntOrString _ -> number(found);
      case Schema.Pointer(Schema to) -> type(found, to);
      case Schema.Anything _ -> "";
    };
  }

  private static String text(Tree found) {
    if (!(found instanceof Tree.Scalar scalar)) {
      return "a text is wanted";
    }
    String what =
        switch (scalar.kind()) {
          case BOOLEAN -> scalar.value();
          case INTEGER, FRACTION -> "a number";
          case STRING -> "a text";
        };
    return "unquoted, `" + shown(scalar) + "` is " + what + ": write \"" + shown(scalar) + "\"";
  }

  private static String number(Tree found) {
    if (!(found instanceof Tree.Scalar scalar)) {
      return "a number is wanted";
    }
    return switch (scalar.kind()) {
      case STRING -> "a number is wanted, without quotes";
      case BOOLEAN -> "unquoted, `" + shown(scalar) + "` is " + scalar.value();
      case INTEGER, FRACTION -> "a whole number below 2147483648 is wanted";
    };
  }

  private static String shown(Tree.Scalar scalar) {
    String text = scalar.spelling();
    return text.length() > 40 ? text.substring(0, 40) + "..." : text;
  }

  static String operator(String written) {
    return Spelling.nearest(written, List.of("In", "NotIn", "Exists", "DoesNotExist"))
        .map(one -> "did you mean `" + one + "`?")
        .orElse("one of In, NotIn, Exists, DoesNotExist");
  }
}
