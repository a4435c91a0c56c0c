package dev.ringfence.lab.api.objects;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// An object as the server takes it from what was sent: only fields that it knows, no nulls, no
/// empty lists or maps where these mean the same as none (S173).
///
/// @param unknown the fields that were left out, as `unknown field "spec.bogus"`
/// @param mistyped what cannot be read at all: the first such, or nothing
public record Decoded(ObjectNode object, List<String> unknown, List<String> mistyped) {
  public Decoded {
    unknown = List.copyOf(unknown);
    mistyped = List.copyOf(mistyped);
  }

  public static Decoded of(ResourceKind kind, ObjectNode sent) {
    return of(Types.of(kind), sent);
  }

  public static Decoded of(Type.Struct type, ObjectNode sent) {
    return new Decoding().decode(type, sent);
  }
}
