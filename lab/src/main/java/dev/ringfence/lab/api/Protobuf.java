package dev.ringfence.lab.api;

import dev.ringfence.lab.api.objects.ApiError;
import dev.ringfence.lab.api.objects.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// The few protobuf messages that kubectl sends and never repeats as JSON, read into JSON.
///
/// <https://protobuf.dev/programming-guides/encoding/>; the numbers of the fields are those of
/// <https://github.com/kubernetes/api>. A field that is not in the table is refused, not dropped.
final class Protobuf {
  private static final byte[] MAGIC = {'k', '8', 's', 0};

  private static final int VARINT = 0;
  private static final int BYTES = 2;

  private final byte[] bytes;
  private final int end;
  private int at;

  private Protobuf(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  static boolean is(byte[] body) {
    return body.length >= MAGIC.length && Arrays.equals(body, 0, 4, MAGIC, 0, 4);
  }

  /// @return the object, with its apiVersion and kind
  /// @throws ApiError 415 for a message that is not in the table, 400 for a broken one
  static ObjectNode read(byte[] body) {
    if (!is(body)) {
      throw ApiError.badRequest("the body is no Kubernetes protobuf: it has no k8s prefix");
    }
    ObjectNode envelope = new Protobuf(body, MAGIC.length, body.length).message("Unknown");
    String kind = Json.textAt(envelope, "typeMeta", "kind");
    if (!ProtobufFields.isKind(kind)) {
      throw ApiError.unsupportedMediaType(
          "a " + kind + " is not understood as protobuf: send it as application/json");
    }
    byte[] raw = Json.textAt(envelope, "raw").getBytes(StandardCharsets.ISO_8859_1);
    ObjectNode out = new Protobuf(raw, 0, raw.length).message(kind);
    out.put("apiVersion", Json.textAt(envelope, "typeMeta", "apiVersion"));
    return out.put("kind", kind);
  }

  private ObjectNode message(String name) {
    Map<Integer, ProtobufFields.Field> fields = ProtobufFields.of(name);
    ObjectNode out = Json.object();
    while (at < end) {
      long key = varint();
      int number = (int) (key >>> 3);
      int wire = (int) (key & 7);
      ProtobufFields.Field field = fields.get(number);
      if (field == null) {
        skip(name, number, wire);
      } else if (wire == (field.isNumber() ? VARINT : BYTES)) {
        value(field, out);
      } else {
        throw broken();
      }
    }
    return out;
  }

  /// An empty message or a zero says nothing.
  private void skip(String message, int number, int wire) {
    long value =
        switch (wire) {
          case VARINT -> varint();
          case BYTES -> length();
          default -> throw broken();
        };
    if (value != 0) {
      throw ApiError.unsupportedMediaType(
          "field "
              + number
              + " of "
              + message
              + " is not understood as protobuf: send it as application/json");
    }
  }

  private void value(ProtobufFields.Field field, ObjectNode out) {
    switch (field.type()) {
      case "int" -> out.put(field.name(), varint());
      case "bool" -> out.put(field.name(), varint() != 0);
      case "string" -> put(field, out, text(StandardCharsets.UTF_8));
      case "bytes" -> put(field, out, text(StandardCharsets.ISO_8859_1));
      case "map" -> {
        ObjectNode pair = inner("Pair");
        Json.objectIn(out, field.name()).put(Json.textAt(pair, "key"), Json.textAt(pair, "value"));
      }
      case "time" -> inner("Time"); // the server sets times itself
      case "intOrString" -> {
        ObjectNode either = inner("IntOrString");
        out.set(
            field.name(),
            Json.numberAt(either, "type") == 1
                ? Json.text(Json.textAt(either, "strVal"))
                : Json.array().numberNode(Json.numberAt(either, "intVal")));
      }
      default -> {
        ObjectNode inner = inner(field.type());
        if (field.repeated()) {
          out.withArray(field.name()).add(inner);
        } else if (!inner.isEmpty() || field.optional()) {
          out.set(field.name(), inner);
        }
      }
    }
  }

  /// An empty text is none.
  private static void put(ProtobufFields.Field field, ObjectNode out, String text) {
    if (field.repeated()) {
      out.withArray(field.name()).add(text);
    } else if (!text.isEmpty()) {
      out.put(field.name(), text);
    }
  }

  private ObjectNode inner(String name) {
    int length = length();
    ObjectNode out = new Protobuf(bytes, at, at + length).message(name);
    at += length;
    return out;
  }

  private String text(java.nio.charset.Charset charset) {
    int length = length();
    String out = new String(bytes, at, length, charset);
    at += length;
    return out;
  }

  private int length() {
    long out = varint();
    if (out < 0 || out > end - at) {
      throw broken();
    }
    return (int) out;
  }

  private long varint() {
    long out = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at >= end) {
        throw broken();
      }
      byte next = bytes[at++];
      out |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return out;
      }
    }
    throw broken();
  }

  private static ApiError broken() {
    return ApiError.badRequest("the body is no protobuf message of its kind");
  }
}
