package dev.ringfence.core.manifest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/// What names, label keys and label values may look like, in the server's words (S143 to S146,
/// S153, S180). Each method answers every message that holds, none where the text is right.
final class Names {
  private static final String SUBDOMAIN =
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
          + "'.', and must start and end with an alphanumeric character (e.g. 'example.com', regex "
          + "used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)"
          + "*')";
  private static final String LABEL =
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
          + "must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex "
          + "used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
  private static final String KEY_PART =
      "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
          + "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for "
          + "validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
  private static final String TWO_SLASHES =
      " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
  private static final String LABEL_VALUE =
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or "
          + "'.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or "
          + "'my_value',  or '12345', regex used for validation is "
          + "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

  private Names() {}

  /// The name of an object.
  static List<String> subdomain(String text) {
    return subdomain(text, "characters");
  }

  private static List<String> subdomain(String text, String unit) {
    List<String> out = new ArrayList<>();
    if (bytes(text) > 253) {
      out.add("must be no more than 253 " + unit);
    }
    if (!isSubdomain(text)) {
      out.add(SUBDOMAIN);
    }
    return out;
  }

  /// What can stand in the path of an address.
  static List<String> pathSegment(String text) {
    List<String> out = new ArrayList<>();
    for (String part : List.of("/", "%")) {
      if (text.contains(part)) {
        out.add("may not contain '" + part + "'");
      }
    }
    return out;
  }

  /// The name of a namespace.
  static List<String> label(String text) {
    List<String> out = new ArrayList<>();
    if (bytes(text) > 63) {
      out.add("must be no more than 63 characters");
    }
    if (!isSubdomain(text)) {
      out.add(LABEL);
    } else if (text.indexOf('.') >= 0) {
      out.add("must not contain dots");
    }
    return out;
  }

  /// The key of a label or an annotation, the name of a finalizer.
  static List<String> labelKey(String key, Release release) {
    List<String> out = new ArrayList<>();
    String unit = release.labelUnit();
    int slash = key.indexOf('/');
    if (slash >= 0 && key.indexOf('/', slash + 1) >= 0) {
      return List.of(release.keyNoun() + " " + KEY_PART + TWO_SLASHES);
    }
    String name = key.substring(slash + 1);
    if (slash == 0) {
      out.add("prefix part must be non-empty");
    } else if (slash > 0) {
      subdomain(key.substring(0, slash), unit).forEach(one -> out.add("prefix part " + one));
    }
    if (name.isEmpty()) {
      out.add("name part must be non-empty");
    } else if (bytes(name) > 63) {
      out.add("name part must be no more than 63 " + unit);
    }
    if (!isLabelText(name)) {
      out.add("name part " + KEY_PART);
    }
    return out;
  }

  static List<String> labelValue(String value, Release release) {
    List<String> out = new ArrayList<>();
    if (bytes(value) > 63) {
      out.add("must be no more than 63 " + release.labelUnit());
    }
    if (!value.isEmpty() && !isLabelText(value)) {
      out.add(LABEL_VALUE);
    }
    return out;
  }

  /// The name of a port (S153).
  static List<String> portName(String name) {
    List<String> out = new ArrayList<>();
    if (bytes(name) > 15) {
      out.add("must be no more than 15 characters");
    }
    if (name.isEmpty() || !all(name, c -> isLowerAlphanumeric(c) || c == '-')) {
      out.add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
    }
    if (name.chars().noneMatch(c -> c >= 'a' && c <= 'z')) {
      out.add("must contain at least one letter (a-z)");
    }
    if (name.contains("--")) {
      out.add("must not contain consecutive hyphens");
    }
    if (name.startsWith("-") || name.endsWith("-")) {
      out.add("must not begin or end with a hyphen");
    }
    return out;
  }

  private static boolean isSubdomain(String text) {
    if (text.isEmpty() || text.endsWith(".")) {
      return false;
    }
    int start = 0;
    while (start <= text.length()) {
      int dot = text.indexOf('.', start);
      int end = dot < 0 ? text.length() : dot;
      if (end == start
          || !isLowerAlphanumeric(text.charAt(start))
          || !isLowerAlphanumeric(text.charAt(end - 1))) {
        return false;
      }
      start = end + 1;
    }
    return all(text, c -> isLowerAlphanumeric(c) || c == '-' || c == '.');
  }

  private static boolean isLabelText(String text) {
    return !text.isEmpty()
        && isAlphanumeric(text.charAt(0))
        && isAlphanumeric(text.charAt(text.length() - 1))
        && all(text, c -> isAlphanumeric(c) || c == '-' || c == '_' || c == '.');
  }

  private static boolean all(String text, IntPredicate allowed) {
    for (int i = 0; i < text.length(); i++) {
      if (!allowed.test(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLowerAlphanumeric(int c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }

  private static boolean isAlphanumeric(int c) {
    return isLowerAlphanumeric(c) || (c >= 'A' && c <= 'Z');
  }

  private static int bytes(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0x7F) {
        return text.getBytes(StandardCharsets.UTF_8).length;
      }
    }
    return text.length();
  }
}
