package dev.ringfence.kubernetes;

import dev.ringfence.core.manifest.LiveKind;
import dev.ringfence.core.manifest.LiveObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// All objects of a kind as they are now, page by page; no page is ever in memory as a whole.
///
/// It is asked for without a resource version, so a server that lags behind may not answer from its
/// cache: after a restart nobody goes back to pods that another server knows to be gone.
final class Listing {
  private static final int PAGE = 1000;
  private static final Duration ANSWER = Duration.ofSeconds(60);

  private final ApiServer server;
  private final LiveKind kind;
  private String version = "";
  private String next = "";

  private Listing(ApiServer server, LiveKind kind) {
    this.server = server;
    this.kind = kind;
  }

  /// Lists everything.
  ///
  /// @return the resource version that the list stands for
  static String of(ApiServer server, LiveKind kind, Consumer<LiveObject.Read> each)
      throws IOException, InterruptedException {
    Listing listing = new Listing(server, kind);
    do {
      listing.page(each);
    } while (!listing.next.isEmpty());
    if (listing.version.isEmpty()) {
      throw new IOException(Resource.path(kind) + ": the list has no resource version");
    }
    return listing.version;
  }

  private void page(Consumer<LiveObject.Read> each) throws IOException, InterruptedException {
    String path = Resource.path(kind) + "?limit=" + PAGE + Resource.selection(kind);
    if (!next.isEmpty()) {
      path += "&continue=" + URLEncoder.encode(next, StandardCharsets.UTF_8);
    }
    next = "";
    try (InputStream in = server.get(path, ANSWER)) {
      boolean whole = LiveJson.reading(in, parser -> list(parser, each));
      if (!whole) {
        throw new IOException(path + ": the answer is no list, or ends within it");
      }
    }
  }

  /// @return whether there were items, even if none, up to the end
  private boolean list(JsonParser parser, Consumer<LiveObject.Read> each) throws IOException {
    parser.nextToken();
    LiveJson.expect(parser, JsonToken.START_OBJECT);
    boolean items = false;
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String field = parser.currentName();
      JsonToken value = parser.nextToken();
      if (field.equals("items") && value == JsonToken.START_ARRAY) {
        items(parser, each);
        items = true;
      } else if (field.equals("items") && value == JsonToken.VALUE_NULL) {
        items = true;
      } else if (field.equals("metadata") && value == JsonToken.START_OBJECT) {
        metadata(parser);
      } else {
        parser.skipChildren();
      }
    }
    return items && parser.currentToken() == JsonToken.END_OBJECT;
  }

  private void items(JsonParser parser, Consumer<LiveObject.Read> each) throws IOException {
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      each.accept(LiveJson.object(parser, kind));
    }
    LiveJson.expect(parser, JsonToken.END_ARRAY);
  }

  private void metadata(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String field = parser.currentName();
      JsonToken value = parser.nextToken();
      if (value == JsonToken.VALUE_STRING && field.equals("resourceVersion")) {
        version = parser.getString();
      } else if (value == JsonToken.VALUE_STRING && field.equals("continue")) {
        next = parser.getString();
      } else {
        parser.skipChildren();
      }
    }
    LiveJson.expect(parser, JsonToken.END_OBJECT);
  }
}
