package dev.ringfence.lab.api;

import dev.ringfence.lab.api.objects.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import tools.jackson.databind.node.ObjectNode;

/// What `KUBECONFIG` points to: as JSON, which is YAML too.
final class Kubeconfig {
  private Kubeconfig() {}

  static void write(Path file, String name, String server, Credentials credentials)
      throws IOException {
    ObjectNode out = Json.object().put("apiVersion", "v1").put("kind", "Config");
    ObjectNode cluster = named(out, "clusters", name).putObject("cluster");
    cluster.put("server", server);
    cluster.put(
        "certificate-authority-data",
        Base64.getEncoder().encodeToString(credentials.certificatePem()));
    named(out, "users", name).putObject("user").put("token", credentials.token());
    named(out, "contexts", name)
        .putObject("context")
        .put("cluster", name)
        .put("user", name)
        .put("namespace", "default");
    out.put("current-context", name);
    PrivateFiles.write(file, Json.bytes(out));
  }

  private static ObjectNode named(ObjectNode config, String list, String name) {
    return config.putArray(list).addObject().put("name", name);
  }
}
