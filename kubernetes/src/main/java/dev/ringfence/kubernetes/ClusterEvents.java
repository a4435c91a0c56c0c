package dev.ringfence.kubernetes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Kubernetes Events about objects that cannot be enforced as they are written.
///
/// An Event is named after what it says, so that all agents of a cluster write the same one and not
/// one each. The same is said of an object once, until it is over; said again after that it is the
/// same Event with a higher count. What a server refuses is left out, and what cannot reach it
/// waits: an Event is worth no delay of anything else.
public final class ClusterEvents implements AutoCloseable {
  private static final int WAITING = 100;
  private static final int LONGEST_MESSAGE = 1024;
  private static final JsonMapper JSON = new JsonMapper();

  private static final int REMEMBERED = 1_000;
  private static final Duration SPREAD = Duration.ofSeconds(2);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;

  private final ApiServer server;
  private final Consumer<String> trouble;
  private final Duration spread;
  private final Map<Topic, String> said = new HashMap<>();
  private final Map<String, Times> times = new LinkedHashMap<>();
  private final BlockingQueue<Event> waiting = new LinkedBlockingQueue<>(WAITING);
  private final Thread thread;
  private boolean failing;

  /// What it is about.
  ///
  /// @param namespace empty for an object that lives in none
  public record About(String apiVersion, String kind, String namespace, String name, String uid) {}

  /// What is said once; the uid tells nothing apart, as it is not known of an object that is gone.
  private record Topic(String kind, String namespace, String name, String reason) {
    static Topic of(About about, String reason) {
      return new Topic(about.kind(), about.namespace(), about.name(), reason);
    }
  }

  /// How often an Event was said, and since when.
  private record Times(int count, Instant first) {}

  private record Event(About about, String reason, String message, Instant at) {}

  /// @param trouble told once when Events cannot be written, until they can again
  public ClusterEvents(ApiServer server, Consumer<String> trouble) {
    this(server, trouble, SPREAD);
  }

  /// @param spread over which the agents of a cluster say what all of them have to say at once
  ClusterEvents(ApiServer server, Consumer<String> trouble, Duration spread) {
    this.spread = spread;
    this.server = server;
    this.trouble = trouble;
    this.thread = Thread.ofVirtual().name("events").start(this::run);
  }

  /// Has it written soon, unless it is what was said last; where too many wait already, not at all.
  ///
  /// @param reason one word: `CannotBeEnforced`
  public synchronized void warn(About about, String reason, String message) {
    Topic topic = Topic.of(about, reason);
    if (!message.equals(said.get(topic))
        && waiting.offer(new Event(about, reason, message, Instant.now()))) {
      said.put(topic, message);
    }
  }

  /// Whatever was said of the object for that reason is no longer so.
  public synchronized void over(About about, String reason) {
    said.remove(Topic.of(about, reason));
  }

  private void run() {
    try {
      while (true) {
        Event event = waiting.take();
        Thread.sleep(ThreadLocalRandom.current().nextLong(spread.toMillis() + 1));
        Duration pause = FIRST_PAUSE;
        while (!write(event)) {
          Thread.sleep(pause);
          Duration longer = pause.multipliedBy(2);
          pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
        }
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  /// @return whether there is no more to do about it
  private boolean write(Event event) throws InterruptedException {
    String namespace = namespace(event.about());
    String path = "/api/v1/namespaces/" + namespace + "/events/" + name(event);
    Times before = times.get(path);
    Times now =
        new Times(
            before == null ? 1 : before.count() + 1, before == null ? event.at() : before.first());
    try {
      server.apply(path, json(event, namespace, now));
      remember(path, now);
      failing = false;
      return true;
    } catch (IOException failed) {
      if (!failing) {
        trouble.accept("Events cannot be written: " + failed.getMessage());
      }
      failing = true;
      return failed instanceof ApiException refused && isForGood(refused.code());
    }
  }

  private static boolean isForGood(int code) {
    return code != TOO_MANY_REQUESTS && code < SERVER_ERROR;
  }

  private void remember(String path, Times now) {
    times.remove(path);
    times.put(path, now);
    if (times.size() > REMEMBERED) {
      times.remove(times.keySet().iterator().next());
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

  private static String json(Event event, String namespace, Times times) {
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
    root.put("type", "Warning")
        .put("reason", event.reason())
        .put(
            "message",
            message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE))
        .put("count", times.count())
        .put("firstTimestamp", seconds(times.first()))
        .put("lastTimestamp", seconds(event.at()));
    root.putObject("source").put("component", "ringfence-agent");
    return root.toString();
  }

  private static String seconds(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
