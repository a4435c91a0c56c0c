package dev.ringfence.lab.api;

import dev.ringfence.core.manifest.FieldValidation;
import dev.ringfence.lab.api.objects.ApiError;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The parameters of an address. One that is empty is as good as none.
final class Query {
  private final Map<String, String> parameters = new HashMap<>();

  private Query() {}

  /// @param raw what is behind the `?`, as sent
  static Query of(@Nullable String raw) {
    Query out = new Query();
    if (raw != null) {
      for (String pair : raw.split("&", -1)) {
        String[] halves = pair.split("=", 2);
        if (halves.length == 2 && !halves[1].isEmpty()) {
          out.parameters.putIfAbsent(decoded(halves[0]), decoded(halves[1]));
        }
      }
    }
    return out;
  }

  static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException broken) {
      throw ApiError.badRequest("cannot read the address: " + broken.getMessage());
    }
  }

  String text(String name) {
    return parameters.getOrDefault(name, "");
  }

  boolean flag(String name) {
    String value = text(name);
    return value.equals("true") || value.equals("1");
  }

  /// 0 if it is not there.
  ///
  /// @throws ApiError if it is no number
  long number(String name) {
    String value = text(name);
    try {
      return value.isEmpty() ? 0 : Long.parseUnsignedLong(value);
    } catch (NumberFormatException no) {
      throw ApiError.badRequest(
          name + ": Invalid value: \"" + value + "\": must be a whole number");
    }
  }

  boolean dryRun(String options) {
    String value = text("dryRun");
    if (!value.isEmpty() && !value.equals("All")) {
      throw unsupported(options, "dryRun", value, "\"All\"");
    }
    return !value.isEmpty();
  }

  /// What clients get that do not ask is a warning (S178).
  FieldValidation validation(String options) {
    return switch (text("fieldValidation")) {
      case "Strict" -> FieldValidation.STRICT;
      case "Ignore" -> FieldValidation.IGNORE;
      case "", "Warn" -> FieldValidation.WARN;
      case String other ->
          throw unsupported(
              options, "fieldValidation", other, "\"\", \"Ignore\", \"Strict\", \"Warn\"");
    };
  }

  private static ApiError unsupported(
      String options, String field, String value, String supported) {
    return new ApiError(
        422,
        "Invalid",
        options
            + ".meta.k8s.io \"\" is invalid: "
            + field
            + ": Unsupported value: \""
            + value
            + "\": supported values: "
            + supported);
  }
}
