package dev.ringfence.lab.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.Kinds;
import dev.ringfence.lab.api.registry.WriteOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Recorded answers of a real API server to new policies, against ours: code, message, causes, and
/// what is stored. Those whose point is how YAML is read are core's to judge: here all is JSON.
final class ServerAnswersTest {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /// Here another text was sent: numbers, nulls and keys are others in YAML 1.1, and its unknown
  /// fields are listed with keys sorted (S178, S185).
  private static final Set<String> YAML =
      Set.of(
          "def-from-podselector-null-tilde",
          "type-label-key-n",
          "type-port-float",
          "type-port-exp",
          "unk-several-warn",
          "real-service-style-ports-warn");

  @TempDir Path folder;

  @Test
  void newPoliciesAreAnsweredAsByTheServer() throws Exception {
    Path file =
        Path.of(System.getProperty("ringfence.shared", "../../shared"), "apiserver-cases.jsonl");
    assumeTrue(Files.isReadable(file), "no apiserver-cases.jsonl in -Dringfence.shared: skipped");
    List<String> different = new ArrayList<>();
    int compared = 0;
    try (ApiEndpoint endpoint = ApiEndpoint.start(folder.resolve("api"), ApiOptions.DEFAULT);
        Client client = new Client(folder.resolve("api"), endpoint.address())) {
      for (String namespace :
          List.of("harbor", "banking", "orchard", "shop", "voice", "crawler", "quarry", "data")) {
        ObjectNode object = Json.object();
        object.putObject("metadata").put("name", namespace);
        endpoint.registry().create(Kinds.NAMESPACE, "", object, WriteOptions.by("test"));
      }
      for (String line : Files.readAllLines(file)) {
        JsonNode one = Json.read(line);
        JsonNode sent = sent(one);
        if (sent.isObject()) {
          compared++;
          differs(one, sent, client).ifPresent(different::add);
        }
      }
    }
    assertThat(different).isEmpty();
    assertThat(compared).isGreaterThan(130);
  }

  /// As JSON, or a missing node if that would not be what was sent.
  private static JsonNode sent(JsonNode one) {
    String text = Json.textAt(one, "manifest");
    String http = Json.textAt(one, "http");
    boolean policy =
        text.contains("kind: NetworkPolicy") && text.contains("networking.k8s.io/v1\n");
    if (!policy
        || YAML.contains(Json.textAt(one, "id"))
        || one.has("server_setting")
        || !Json.textAt(one, "operation").equals("create")
        || !List.of("201", "422").contains(http)) {
      return MAPPER.missingNode();
    }
    try {
      Object read = new Load(LoadSettings.builder().build()).loadFromString(text);
      return MAPPER.valueToTree(read);
    } catch (YamlEngineException otherwise) {
      return MAPPER.missingNode();
    }
  }

  private static Optional<String> differs(JsonNode one, JsonNode sent, Client client)
      throws Exception {
    String namespace = Json.namespace(sent).isEmpty() ? "default" : Json.namespace(sent);
    String path =
        "/apis/networking.k8s.io/v1/namespaces/"
            + namespace
            + "/networkpolicies?dryRun=All&fieldValidation="
            + Json.textAt(one, "field_validation");
    Client.Answer answer = client.post(path, sent.toString());
    List<String> out = new ArrayList<>();
    if (answer.code() != Json.numberAt(one, "http")) {
      out.add("code " + answer.code() + " for " + Json.numberAt(one, "http"));
    }
    if (answer.code() == 201 && !answer.body().path("spec").equals(one.path("stored"))) {
      out.add("stored " + answer.body().path("spec") + " for " + one.path("stored"));
    }
    if (answer.code() == 422 && one.path("causes_ordered").asBoolean(true)) {
      if (!Json.textAt(answer.body(), "message").equals(Json.textAt(one, "message"))) {
        out.add(Json.textAt(answer.body(), "message") + "\n  for " + Json.textAt(one, "message"));
      }
      if (Json.items(answer.body(), "details", "causes").size()
          != Json.items(one, "causes").size()) {
        out.add("causes " + answer.body().path("details"));
      }
    }
    List<String> warnings =
        answer.response().headers().allValues("Warning").stream()
            .map(w -> w.substring("299 - \"".length(), w.length() - 1).replace("\\\"", "\""))
            .toList();
    List<String> wanted = Json.items(one, "warnings").stream().map(Json::textAt).toList();
    if (!warnings.equals(wanted)) {
      out.add("warnings " + warnings + " for " + wanted);
    }
    return out.isEmpty()
        ? Optional.empty()
        : Optional.of(Json.textAt(one, "id") + ": " + String.join("\n  ", out));
  }
}
