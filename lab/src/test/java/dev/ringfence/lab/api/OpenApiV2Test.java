package dev.ringfence.lab.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.lab.api.objects.Json;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What kubectl 1.27 and 1.28 look for before they write.
final class OpenApiV2Test {
  private static final String ITEM =
      "/apis/networking.k8s.io/v1/namespaces/{namespace}/networkpolicies/{name}";

  @TempDir Path folder;

  /// Field numbers of `OpenAPIv2.proto`, from the document to what is sought.
  @Test
  void protobufSaysThatFieldsAreChecked() throws Exception {
    byte[] document = get("application/com.github.proto-openapi.spec.v2@v1.0+protobuf");
    byte[] item = named(fields(fields(document, 8).getFirst(), 2), ITEM);
    byte[] patch = fields(item, 8).getFirst();
    List<String> parameters =
        fields(patch, 8).stream().map(one -> text(inside(one, 1, 2, 3), 4)).toList();
    assertThat(parameters).contains("fieldValidation", "dryRun", "fieldManager");
    byte[] kind = named(fields(patch, 13), "x-kubernetes-group-version-kind");
    assertThat(Json.read(text(kind, 2)).path("kind").asString()).isEqualTo("NetworkPolicy");

    List<byte[]> definitions = fields(fields(document, 9).getFirst(), 1);
    byte[] policy = named(definitions, "io.k8s.api.networking.v1.NetworkPolicy");
    byte[] spec = named(fields(inside(policy, 25), 1), "spec");
    assertThat(text(spec, 1)).isEqualTo("#/definitions/io.k8s.api.networking.v1.NetworkPolicySpec");
    assertThat(fields(spec, 22)).as("a reference has no type").isEmpty();
  }

  @Test
  void everyReferenceLeadsSomewhere() throws Exception {
    JsonNode document = Json.read(get("application/json"));
    for (JsonNode reference : document.path("definitions").findValues("$ref")) {
      String name = reference.asString().replace("#/definitions/", "");
      assertThat(document.path("definitions").has(name)).as(name).isTrue();
    }
    assertThat(document.findValues("allOf")).isEmpty();
    assertThat(document.findValues("oneOf")).isEmpty();
  }

  private byte[] get(String type) throws Exception {
    try (ApiEndpoint endpoint = ApiEndpoint.start(folder.resolve("api"), ApiOptions.DEFAULT);
        Client client = new Client(folder.resolve("api"), endpoint.address())) {
      HttpResponse<byte[]> answer =
          client.raw(client.request("/openapi/v2").header("Accept", type));
      assertThat(answer.statusCode()).isEqualTo(200);
      return answer.body();
    }
  }

  /// All values of a field; everything in this document has a length.
  private static List<byte[]> fields(byte[] message, int number) {
    ByteBuffer in = ByteBuffer.wrap(message);
    List<byte[]> out = new ArrayList<>();
    while (in.hasRemaining()) {
      int key = varint(in);
      assertThat(key & 7).isEqualTo(2);
      byte[] value = new byte[varint(in)];
      in.get(value);
      if (key >>> 3 == number) {
        out.add(value);
      }
    }
    return out;
  }

  private static int varint(ByteBuffer in) {
    int out = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      out |= (next & 0x7f) << shift;
      if (next >= 0) {
        return out;
      }
    }
  }

  private static byte[] inside(byte[] message, int... path) {
    byte[] out = message;
    for (int number : path) {
      out = fields(out, number).getFirst();
    }
    return out;
  }

  private static String text(byte[] message, int number) {
    return new String(inside(message, number), StandardCharsets.UTF_8);
  }

  private static byte[] named(List<byte[]> pairs, String name) {
    return pairs.stream()
        .filter(pair -> text(pair, 1).equals(name))
        .map(pair -> inside(pair, 2))
        .findFirst()
        .orElseThrow();
  }
}
