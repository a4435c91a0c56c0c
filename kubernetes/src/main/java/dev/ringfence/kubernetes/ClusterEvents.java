package dev.ringfence.kubernetes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Kubernetes Events about objects that cannot be enforced as they are written.
///
/// An Event is named after what it says, so that all agents of a cluster write the same one and not
/// one each. What cannot be written is said once and then left out: an Event is worth no delay.
public final class ClusterEvents implements AutoCloseable {
  private static final int WAITING = 100;
  private static final int LONGEST_MESSAGE = 1024;
  private static final JsonMapper JSON = new JsonMapper();

  private final ApiServer server;
  private final Consumer<String> trouble;
  private final BlockingQueue<Event> waiting = new LinkedBlockingQueue<>(WAITING);
  private final Thread thread;
  private boolean failing;

  /// What it is about.
  ///
  /// @param namespace empty for an object that lives in none
  public record About(String apiVersion, String kind, String namespace, String name, String uid) {}

  private record Event(About about, String reason, String message, Instant at) {}

  /// @param trouble told once when Events cannot be written, until they can again
  public ClusterEvents(ApiServer server, Consumer<String> trouble) {
    this.server = server;
    this.trouble = trouble;
    this.thread = Thread.ofVirtual().name("events").start(this::run);
  }

  /// Has it written soon; where too many wait already, not at all.
  ///
  /// @param reason one word: `CannotBeEnforced`
  public void warn(About about, String reason, String message) {
    boolean _ = waiting.offer(new Event(about, reason, message, Instant.now()));
  }

  private void run() {
    try {
      while (true) {
        write(waiting.take());
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private void write(Event event) throws InterruptedException {
    String namespace = namespace(event.about());
    String path = "/api/v1/namespaces/" + namespace + "/events/" + name(event);
    try {
      server.apply(path, json(event, namespace));
      failing = false;
    } catch (IOException failed) {
      if (!failing) {
        trouble.accept("Events cannot be written: " + failed.getMessage());
      }
      failing = true;
    }
  }

  private static String namespace(About about) {
    return about.namespace().isEmpty() ? "default" : about.namespace();
  }

  private static String name(Event event) {
    String said = event.about() + event.reason() + event.message();
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(said.getBytes(StandardCharsets.UTF_8));
      String name = event.about().name();
      String start = name.length() <= 200 ? name : name.substring(0, 200);
      return start + "." + HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible); // every JDK has it
    }
  }

  private static String json(Event event, String namespace) {
    About about = event.about();
    ObjectNode root = JSON.createObjectNode();
    root.put("apiVersion", "v1").put("kind", "Event");
    root.putObject("metadata").put("name", name(event)).put("namespace", namespace);
    ObjectNode involved =
        root.putObject("involvedObject")
            .put("apiVersion", about.apiVersion())
            .put("kind", about.kind())
            .put("name", about.name());
    if (!about.namespace().isEmpty()) {
      involved.put("namespace", about.namespace());
    }
    if (!about.uid().isEmpty()) {
      involved.put("uid", about.uid());
    }
    String message = event.message();
    String at = event.at().truncatedTo(ChronoUnit.SECONDS).toString();
    root.put("type", "Warning")
        .put("reason", event.reason())
        .put(
            "message",
            message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE))
        .put("count", 1)
        .put("firstTimestamp", at)
        .put("lastTimestamp", at);
    root.putObject("source").put("component", "ringfence-agent");
    return root.toString();
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
