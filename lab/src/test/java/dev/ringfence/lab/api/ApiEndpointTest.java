package dev.ringfence.lab.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.Kinds;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What clients rely on that kubectl does not show.
final class ApiEndpointTest {
  private static final String LEASES = "/apis/coordination.k8s.io/v1/namespaces/default/leases";

  private static final int REMEMBERED = 30;
  private static final ApiOptions OPTIONS = new ApiOptions("test", 0, REMEMBERED);

  @TempDir Path folder;

  private ApiEndpoint endpoint;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    endpoint = ApiEndpoint.start(folder.resolve("api"), OPTIONS);
    client = new Client(folder.resolve("api"), endpoint.address());
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    endpoint.close();
  }

  private static String lease(String name, String rest) {
    return "{\"metadata\":{\"name\":\"" + name + "\"" + rest + "}}";
  }

  private static String version(JsonNode object) {
    return Json.textAt(object, "metadata", "resourceVersion");
  }

  private static List<String> names(JsonNode list) {
    return Json.items(list, "items").stream().map(Json::name).toList();
  }

  @Test
  void strangersAreRefused() throws Exception {
    for (String path : List.of("/api", "/version", LEASES, "/nosuch", "/healthz")) {
      Client.Answer answer = client.send(client.stranger(path));
      assertThat(answer.code()).isEqualTo(401);
      assertThat(Json.textAt(answer.body(), "reason")).isEqualTo("Unauthorized");
    }
    HttpRequest.Builder guess = client.stranger("/api").header("Authorization", "Bearer guess");
    assertThat(client.send(guess).code()).isEqualTo(401);
    assertThat(client.get("/healthz").code()).isEqualTo(200);
    assertThat(endpoint.address()).startsWith("https://127.0.0.1:");
  }

  @Test
  void nobodyElseCanReadTheFolder() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("api"))) {
      for (Path file : files.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .as(file.toString())
            .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------");
      }
    }
  }

  @Test
  void strangeAddressesAndBodiesAreRefused() throws Exception {
    for (String path :
        List.of(
            "/api/v1/namespaces/default/pods/..%2f..%2ftoken",
            "/api/v1/namespaces/..%2f/pods/x",
            "/openapi/v3/..%2f..%2ftoken",
            "/api/v2",
            "/apis/nosuch/v1",
            "/api/v1/pods/x",
            "/api/v1/namespaces/default/nodes")) {
      assertThat(client.get(path).code()).as(path).isEqualTo(404);
    }
    assertThat(client.get("/api/v1/pods?limit=x").code()).isEqualTo(400);
    assertThat(client.get("/api/v1/pods?labelSelector=a%20b").code()).isEqualTo(400);
    Client.Answer answer = client.post(LEASES, "x".repeat(3 * 1024 * 1024 + 1));
    assertThat(answer.code()).isEqualTo(413);
    assertThat(Json.textAt(answer.body(), "message"))
        .isEqualTo("Request entity too large: limit is 3145728");
    assertThat(client.post(LEASES, "{").code()).isEqualTo(400);
    assertThat(client.post(LEASES, "[]").code()).isEqualTo(400);
    assertThat(client.send("POST", LEASES, "text/plain", "{}").code()).isEqualTo(415);
    assertThat(client.send("PATCH", "/api/v1/namespaces/default", "text/plain", "{}").code())
        .isEqualTo(415);
    assertThat(client.send("PUT", LEASES, "application/json", "{}").code()).isEqualTo(405);
  }

  @Test
  void restartServesTheSame() throws Exception {
    client.post(LEASES, lease("one", ""));
    JsonNode before = client.get(LEASES).body();
    String address = endpoint.address();
    String token = Files.readString(folder.resolve("api/token"));
    endpoint.close();
    endpoint = ApiEndpoint.start(folder.resolve("api"), OPTIONS);
    assertThat(endpoint.address()).isEqualTo(address);
    assertThat(Files.readString(folder.resolve("api/token"))).isEqualTo(token);
    assertThat(client.get(LEASES).body()).isEqualTo(before);
  }

  @Test
  void staleWriterIsRefused() throws Exception {
    JsonNode first = client.post(LEASES, lease("one", "")).body();
    String put =
        lease("one", ",\"resourceVersion\":\"" + version(first) + "\",\"labels\":{\"a\":\"1\"}");
    assertThat(client.send("PUT", LEASES + "/one", "application/json", put).code()).isEqualTo(200);
    Client.Answer stale =
        client.send("PUT", LEASES + "/one", "application/json", put.replace("\"1\"", "\"2\""));
    assertThat(stale.code()).isEqualTo(409);
    assertThat(Json.textAt(stale.body(), "message"))
        .isEqualTo(
            "Operation cannot be fulfilled on leases.coordination.k8s.io \"one\": the object has "
                + "been modified; please apply your changes to the latest version and try again");
  }

  @Test
  void writeThatChangesNothingIsNone() throws Exception {
    JsonNode first = client.post(LEASES, lease("one", "")).body();
    Client.Answer again =
        client.send("PATCH", LEASES + "/one", "application/merge-patch+json", "{}");
    assertThat(version(again.body())).isEqualTo(version(first));
  }

  @Test
  void dryRunsKeepNothing() throws Exception {
    assertThat(client.post(LEASES + "?dryRun=All", lease("one", "")).code()).isEqualTo(201);
    assertThat(client.get(LEASES + "/one").code()).isEqualTo(404);
    client.post(LEASES, lease("one", ""));
    client.send("DELETE", LEASES + "/one", "application/json", "{\"dryRun\":[\"All\"]}");
    assertThat(client.get(LEASES + "/one").code()).isEqualTo(200);
    client.send(
        "PATCH",
        LEASES + "/one?dryRun=All",
        "application/merge-patch+json",
        "{\"metadata\":{\"labels\":{\"a\":\"1\"}}}");
    assertThat(client.get(LEASES + "/one").body().path("metadata").has("labels")).isFalse();
  }

  @Test
  void deletionsCanHaveConditions() throws Exception {
    JsonNode one = client.post(LEASES, lease("one", "")).body();
    String wrong = "{\"preconditions\":{\"uid\":\"x\"}}";
    assertThat(client.send("DELETE", LEASES + "/one", "application/json", wrong).code())
        .isEqualTo(409);
    String right = wrong.replace("\"x\"", one.path("metadata").path("uid").toString());
    assertThat(client.send("DELETE", LEASES + "/one", "application/json", right).code())
        .isEqualTo(200);
    client.post(LEASES, lease("a", ",\"labels\":{\"x\":\"y\"}"));
    client.post(LEASES, lease("b", ""));
    assertThat(client.send("DELETE", LEASES + "?labelSelector=x", "application/json", "").code())
        .isEqualTo(200);
    assertThat(names(client.get(LEASES).body())).containsExactly("b");
    assertThat(client.send("DELETE", "/api/v1/namespaces/default", "application/json", "").code())
        .isEqualTo(403);
  }

  @Test
  void namesAreMadeWhereOneIsWanted() throws Exception {
    Set<String> made = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      Client.Answer answer = client.post(LEASES, "{\"metadata\":{\"generateName\":\"x-\"}}");
      assertThat(answer.code()).isEqualTo(201);
      made.add(Json.name(answer.body()));
    }
    assertThat(made).hasSize(5).allMatch(name -> name.matches("x-[a-z0-9]{5}"));
    assertThat(client.post(LEASES, "{}").code()).isEqualTo(422);
    assertThat(client.post(LEASES, lease("Bad_Name", "")).code()).isEqualTo(422);
  }

  /// Every piece is of the time of the first.
  @Test
  void piecesOfAListFitTogether() throws Exception {
    for (String name : List.of("a", "b", "c")) {
      client.post(LEASES, lease(name, ""));
    }
    JsonNode first = client.get(LEASES + "?limit=1").body();
    assertThat(Json.numberAt(first, "metadata", "remainingItemCount")).isEqualTo(2);
    client.send("DELETE", LEASES + "/c", "application/json", "");
    client.post(LEASES, lease("aa", ""));
    String more = LEASES + "?limit=5&continue=" + Json.textAt(first, "metadata", "continue");
    JsonNode rest = client.get(more).body();
    assertThat(names(first)).containsExactly("a");
    assertThat(names(rest)).containsExactly("b", "c");
    assertThat(version(rest)).isEqualTo(version(first));
    assertThat(client.get(LEASES + "?continue=junk").code()).isEqualTo(400);
    assertThat(client.get(LEASES + "?resourceVersion=999999").code()).isEqualTo(504);
    String then = LEASES + "?resourceVersionMatch=Exact&resourceVersion=" + version(first);
    assertThat(names(client.get(then).body())).containsExactly("a", "b", "c");
  }

  @Test
  void watchTellsWhatEntersAndLeavesTheSelection() throws Exception {
    JsonNode first = client.post(LEASES, lease("one", "")).body();
    String path = LEASES + "?watch=true&labelSelector=a&resourceVersion=" + version(first);
    try (InputStream watch = client.stream(path)) {
      label("{\"a\":\"1\"}");
      assertThat(type(Client.event(watch))).isEqualTo("ADDED");
      label("{\"a\":\"2\"}");
      assertThat(type(Client.event(watch))).isEqualTo("MODIFIED");
      label("{\"a\":null}");
      JsonNode gone = Client.event(watch);
      assertThat(type(gone)).isEqualTo("DELETED");
      assertThat(version(gone.path("object")))
          .isEqualTo(String.valueOf(endpoint.registry().store().revision()));
    }
  }

  private void label(String labels) throws Exception {
    String patch = "{\"metadata\":{\"labels\":" + labels + "}}";
    assertThat(client.send("PATCH", LEASES + "/one", "application/merge-patch+json", patch).code())
        .isEqualTo(200);
  }

  private static String type(JsonNode event) {
    return Json.textAt(event, "type");
  }

  @Test
  void streamingListEndsWithItsBookmark() throws Exception {
    client.post(LEASES, lease("one", ""));
    String path =
        LEASES
            + "?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan"
            + "&allowWatchBookmarks=true&timeoutSeconds=1";
    try (InputStream watch = client.stream(path)) {
      assertThat(type(Client.event(watch))).isEqualTo("ADDED");
      JsonNode mark = Client.event(watch);
      assertThat(type(mark)).isEqualTo("BOOKMARK");
      assertThat(
              Json.textAt(
                  mark.path("object"), "metadata", "annotations", "k8s.io/initial-events-end"))
          .isEqualTo("true");
      assertThat(type(Client.event(watch))).isEmpty(); // its time is up
    }
  }

  @Test
  void forgottenPastIsAnErrorInTheStream() throws Exception {
    for (int i = 0; i < REMEMBERED; i++) {
      int phase = i;
      endpoint
          .registry()
          .updateStatus(
              Kinds.NAMESPACE,
              "",
              "default",
              "test",
              object -> {
                Json.objectIn(object, "status").put("phase", "Active" + phase);
                return object;
              });
    }
    try (InputStream watch = client.stream(LEASES + "?watch=true&resourceVersion=1")) {
      JsonNode event = Client.event(watch);
      assertThat(type(event)).isEqualTo("ERROR");
      assertThat(Json.numberAt(event, "object", "code")).isEqualTo(410);
      assertThat(Json.textAt(event, "object", "message"))
          .startsWith("too old resource version: 1 (");
    }
  }

  @Test
  void longAnswersAreZippedForWhoAsks() throws Exception {
    Client.Answer answer =
        client.send(client.request("/openapi/v3/api/v1").header("Accept-Encoding", "gzip"));
    assertThat(answer.response().headers().firstValue("Content-Encoding")).contains("gzip");
    String tag = answer.response().headers().firstValue("Etag").orElseThrow();
    Client.Answer again =
        client.send(client.request("/openapi/v3/api/v1").header("If-None-Match", tag));
    assertThat(again.code()).isEqualTo(304);
  }
}
