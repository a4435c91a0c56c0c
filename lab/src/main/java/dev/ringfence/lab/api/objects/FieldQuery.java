package dev.ringfence.lab.api.objects;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Fields that are wanted: `metadata.name=web,status.phase!=Running`.
public record FieldQuery(List<Term> terms) {
  public static final FieldQuery EVERYTHING = new FieldQuery(List.of());

  public FieldQuery {
    terms = List.copyOf(terms);
  }

  /// One part of it, all of which must hold.
  record Term(String field, boolean equal, String value) {
    boolean matches(JsonNode object) {
      return Json.textAt(object, field.split("\\.")).equals(wanted(object)) == equal;
    }

    /// A flag that is false is not written.
    private String wanted(JsonNode object) {
      boolean absent = Json.at(object, field.split("\\.")).isMissingNode();
      return absent && value.equals("false") ? "" : value;
    }

    @Override
    public String toString() {
      return field + (equal ? "=" : "!=") + value;
    }
  }

  /// As it is typed.
  ///
  /// @throws ApiError if it cannot be read, or asks for a field that the kind is not selected by
  public static FieldQuery parse(ResourceKind kind, String text) {
    List<Term> terms = new ArrayList<>();
    for (String part : split(text)) {
      if (!part.isEmpty()) {
        terms.add(term(part, text));
      }
    }
    Set<String> known = fields(kind);
    for (Term term : terms) {
      if (!known.contains(term.field())) {
        throw ApiError.badRequest(
            "Unable to find \""
                + kind.apiVersion()
                + ", Resource="
                + kind.plural()
                + "\" that match label selector \"\", field selector \""
                + text
                + "\": field label not supported: "
                + term.field());
      }
    }
    return new FieldQuery(terms);
  }

  /// At commas, but not at `\,`.
  private static List<String> split(String text) {
    List<String> out = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i++;
      } else if (text.charAt(i) == ',') {
        out.add(text.substring(start, i));
        start = i + 1;
      }
    }
    out.add(text.substring(start));
    return out;
  }

  private static Term term(String part, String whole) {
    int at = part.indexOf('=');
    if (at < 1) {
      throw ApiError.badRequest(
          "invalid selector: '" + whole + "'; can't understand '" + part + "'");
    }
    boolean equal = part.charAt(at - 1) != '!';
    int after = part.startsWith("==", at) ? at + 2 : at + 1;
    String value = part.substring(after).replaceAll("\\\\([\\\\,=])", "$1");
    return new Term(part.substring(0, equal ? at : at - 1), equal, value);
  }

  private static Set<String> fields(ResourceKind kind) {
    Set<String> out = new HashSet<>(Set.of("metadata.name"));
    if (kind.namespaced()) {
      out.add("metadata.namespace");
    }
    if (kind.equals(Kinds.POD)) {
      out.addAll(
          List.of(
              "spec.nodeName",
              "spec.restartPolicy",
              "spec.schedulerName",
              "spec.serviceAccountName",
              "spec.hostNetwork",
              "status.phase",
              "status.podIP",
              "status.nominatedNodeName"));
    } else if (kind.equals(Kinds.EVENT)) {
      List.of("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")
          .forEach(field -> out.add("involvedObject." + field));
      out.addAll(List.of("reason", "reportingComponent", "type"));
    } else if (kind.equals(Kinds.NAMESPACE)) {
      out.add("status.phase");
    } else if (kind.equals(Kinds.NODE)) {
      out.add("spec.unschedulable");
    } else if (kind.equals(Kinds.REPLICA_SET)) {
      out.add("status.replicas");
    } else if (kind.equals(Kinds.SERVICE)) {
      out.addAll(List.of("spec.clusterIP", "spec.type"));
    }
    return out;
  }

  public boolean matches(JsonNode object) {
    return terms.stream().allMatch(term -> term.matches(object));
  }

  public boolean isEverything() {
    return terms.isEmpty();
  }

  @Override
  public String toString() {
    return terms.stream().map(Term::toString).collect(Collectors.joining(","));
  }
}
