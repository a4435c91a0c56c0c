package dev.ringfence.lab.api;

import dev.ringfence.lab.api.objects.ApiError;
import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.ResourceKind;
import dev.ringfence.lab.api.store.Key;
import dev.ringfence.lab.api.store.Page;
import dev.ringfence.lab.api.store.Store;
import dev.ringfence.lab.api.store.StoreException;
import dev.ringfence.lab.api.store.Stored;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Lists, whole or in pieces: every piece is of the revision of the first.
final class Lists {
  private static final String TOO_OLD =
      "The provided continue parameter is too old to display a consistent list result. You can "
          + "start a new list without the continue parameter.";

  private final Store store;

  Lists(Store store) {
    this.store = store;
  }

  /// @throws ApiError 410 for a revision that is forgotten, 504 for one that is not yet
  ObjectNode list(ResourceKind kind, Selection selection, Form form, Query query) {
    Optional<Continue> from =
        Optional.of(query.text("continue")).filter(t -> !t.isEmpty()).map(Continue::parse);
    Page page = from.isPresent() ? continued(kind, from.get()) : page(kind, query);
    List<Stored> found = new ArrayList<>();
    for (Stored stored : page.objects()) {
      boolean after = from.isEmpty() || stored.key().compareTo(from.get().after(kind)) > 0;
      if (after && selection.matches(stored)) {
        found.add(stored);
      }
    }
    ObjectNode meta = Json.object().put("resourceVersion", String.valueOf(page.revision()));
    long limit = query.number("limit");
    if (limit > 0 && found.size() > limit) {
      Stored last = found.get((int) limit - 1);
      meta.put("continue", new Continue(page.revision(), last.key()).text());
      if (selection.isPlain()) {
        meta.put("remainingItemCount", found.size() - limit);
      }
      found = found.subList(0, (int) limit);
    }
    return form.list(found.stream().map(Stored::object).toList(), meta);
  }

  private Page continued(ResourceKind kind, Continue from) {
    try {
      return store.list(kind.resource(), from.revision());
    } catch (StoreException forgotten) {
      throw ApiError.expired(TOO_OLD);
    }
  }

  private Page page(ResourceKind kind, Query query) {
    long wanted = query.number("resourceVersion");
    long now = store.revision();
    if (wanted > now) {
      throw new ApiError(
          504, "Timeout", "Too large resource version: " + wanted + ", current: " + now);
    }
    if (!query.text("resourceVersionMatch").equals("Exact")) {
      return store.list(kind.resource());
    }
    try {
      return store.list(kind.resource(), wanted);
    } catch (StoreException forgotten) {
      throw ApiError.expired(forgotten.getMessage());
    }
  }

  /// Where the next piece begins.
  ///
  /// @param last key of the piece before
  private record Continue(long revision, Key last) {
    String text() {
      ObjectNode out =
          Json.object()
              .put("v", "meta.k8s.io/v1")
              .put("rv", revision)
              .put("namespace", last.namespace())
              .put("name", last.name());
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.bytes(out));
    }

    static Continue parse(String text) {
      try {
        JsonNode read =
            Json.read(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8));
        Key last = new Key("", Json.textAt(read, "namespace"), Json.textAt(read, "name"));
        return new Continue(Json.numberAt(read, "rv"), last);
      } catch (IllegalArgumentException | JacksonException broken) {
        throw ApiError.badRequest("continue key is not valid");
      }
    }

    Key after(ResourceKind kind) {
      return new Key(kind.resource(), last.namespace(), last.name());
    }
  }
}
