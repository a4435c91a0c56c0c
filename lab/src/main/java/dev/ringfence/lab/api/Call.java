package dev.ringfence.lab.api;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.ringfence.lab.api.objects.ApiError;
import dev.ringfence.lab.api.objects.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.JsonNode;

/// One request and its answer.
final class Call {
  static final String JSON = "application/json";

  /// S181.
  private static final int MOST_BYTES = 3 * 1024 * 1024;

  /// Smaller answers are not worth the work.
  private static final int WORTH_GZIP = 8 * 1024;

  private final HttpExchange exchange;
  private final Query query;

  Call(HttpExchange exchange) {
    this.exchange = exchange;
    this.query = Query.of(exchange.getRequestURI().getRawQuery());
  }

  String method() {
    return exchange.getRequestMethod();
  }

  Query query() {
    return query;
  }

  /// The parts of the path, none of them empty.
  List<String> path() {
    return List.of(exchange.getRequestURI().getRawPath().split("/")).stream()
        .filter(part -> !part.isEmpty())
        .map(part -> Query.decoded(part.replace("+", "%2B")))
        .toList();
  }

  String header(String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  String accept() {
    return String.join(",", exchange.getRequestHeaders().getOrDefault("Accept", List.of()));
  }

  /// Without its parameters.
  String contentType() {
    return header("Content-Type").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /// @throws ApiError 413, if it is too long
  byte[] body() throws IOException {
    byte[] out = exchange.getRequestBody().readNBytes(MOST_BYTES + 1);
    if (out.length > MOST_BYTES) {
      throw new ApiError(
          413, "RequestEntityTooLarge", "Request entity too large: limit is " + MOST_BYTES);
    }
    return out;
  }

  void warn(List<String> warnings) {
    for (String warning : warnings) {
      exchange.getResponseHeaders().add("Warning", "299 - " + quoted(warning));
    }
  }

  /// A header is one line of what HTTP knows.
  private static String quoted(String text) {
    String line = text.replaceAll("[\\p{Cntrl}]", " ");
    return "\"" + line.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  Headers headers() {
    return exchange.getResponseHeaders();
  }

  void answer(int code, JsonNode document) throws IOException {
    answer(code, JSON, Json.bytes(document));
  }

  void answer(int code, String type, byte[] content) throws IOException {
    headers().set("Content-Type", type);
    headers().putIfAbsent("Cache-Control", List.of("no-cache, private"));
    byte[] sent = content;
    if (content.length >= WORTH_GZIP && header("Accept-Encoding").contains("gzip")) {
      headers().set("Content-Encoding", "gzip");
      headers().set("Vary", "Accept-Encoding");
      sent = zipped(content);
    }
    exchange.sendResponseHeaders(code, sent.length == 0 ? -1 : sent.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(sent);
    }
  }

  private static byte[] zipped(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(content);
    }
    return out.toByteArray();
  }

  /// As [#answer], unless the client has it already.
  void answerTagged(String type, byte[] content) throws IOException {
    String tag = Hashes.tag(content);
    headers().set("Etag", tag);
    headers().set("Vary", "Accept");
    if (header("If-None-Match").contains(tag)) {
      exchange.sendResponseHeaders(304, -1);
      return;
    }
    answer(200, type, content);
  }

  void refuse(ApiError error) throws IOException {
    answer(error.code(), error.status());
  }

  /// An answer whose end is not known yet.
  OutputStream stream() throws IOException {
    headers().set("Content-Type", JSON);
    headers().set("Cache-Control", "no-cache, private");
    exchange.sendResponseHeaders(200, 0);
    return exchange.getResponseBody();
  }
}
