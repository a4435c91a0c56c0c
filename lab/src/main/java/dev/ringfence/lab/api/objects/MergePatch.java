package dev.ringfence.lab.api.objects;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// JSON Merge Patch: <https://www.rfc-editor.org/rfc/rfc7386>.
public final class MergePatch {
  private MergePatch() {}

  /// The object as patched; the one given stays as it is.
  public static ObjectNode apply(ObjectNode object, ObjectNode patch) {
    ObjectNode out = object.deepCopy();
    for (Map.Entry<String, JsonNode> entry : patch.properties()) {
      JsonNode value = entry.getValue();
      if (value.isNull()) {
        out.remove(entry.getKey());
      } else if (value instanceof ObjectNode inner) {
        ObjectNode below = out.get(entry.getKey()) instanceof ObjectNode o ? o : Json.object();
        out.set(entry.getKey(), apply(below, inner));
      } else {
        out.set(entry.getKey(), value.deepCopy());
      }
    }
    return out;
  }
}
