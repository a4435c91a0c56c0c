package dev.ringfence.lab.api.store;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A write as JSON:
/// `{"revision":7,"resource":"pods","namespace":"shop","name":"web","object":{…}}`; without
/// `object` it was a deletion, without `resource` it is the head of a snapshot, with its revision
/// and the number of `objects` that follow.
final class Records {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Records() {}

  /// The head of a snapshot.
  static byte[] head(long revision, int objects) {
    return MAPPER.writeValueAsBytes(
        MAPPER.createObjectNode().put("revision", revision).put("objects", objects));
  }

  static byte[] written(Stored stored) {
    ObjectNode out = header(stored.revision(), stored.key());
    out.set("object", stored.object());
    return MAPPER.writeValueAsBytes(out);
  }

  static byte[] deleted(long revision, Key key) {
    return MAPPER.writeValueAsBytes(header(revision, key));
  }

  private static ObjectNode header(long revision, Key key) {
    return MAPPER
        .createObjectNode()
        .put("revision", revision)
        .put("resource", key.resource())
        .put("namespace", key.namespace())
        .put("name", key.name());
  }

  static JsonNode read(byte[] record) {
    return MAPPER.readTree(record);
  }

  static Key key(JsonNode record) {
    return new Key(
        record.path("resource").asString(""),
        record.path("namespace").asString(""),
        record.path("name").asString(""));
  }
}
