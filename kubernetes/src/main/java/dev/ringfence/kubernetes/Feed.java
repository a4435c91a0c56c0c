package dev.ringfence.kubernetes;

import dev.ringfence.core.manifest.LiveKind;
import dev.ringfence.core.manifest.LiveObject;
import dev.ringfence.core.model.ObjectName;
import dev.ringfence.kubernetes.Inbox.Item;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;

/// Follows the objects of one kind: a list, then a watch from there on, and again from where the
/// watch ended; a new list only when the server has forgotten that place.
///
/// While the server cannot be reached everything stays as it was last known.
final class Feed implements Runnable {
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration LONGEST_WANTED = Duration.ofMinutes(2);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  /// No healthy server ends a watch before.
  private static final Duration USUAL_WATCH = Duration.ofSeconds(5);

  private final ApiServer server;
  private final LiveKind kind;
  private final Inbox inbox;
  private final Silence silence;
  private final Twins twins = new Twins();
  private final Set<ObjectName> known = new HashSet<>();
  private final Set<ObjectName> complained = new HashSet<>();
  private volatile FeedStatus status;
  private volatile boolean closed;
  private @Nullable String version;
  private Duration pause = FIRST_PAUSE;

  Feed(ApiServer server, LiveKind kind, Inbox inbox, Silence silence) {
    this.server = server;
    this.kind = kind;
    this.inbox = inbox;
    this.silence = silence;
    this.status = FeedStatus.unknown(kind);
  }

  FeedStatus status() {
    return status;
  }

  /// Has [#run] end; its thread is to be interrupted, too.
  void close() {
    closed = true;
  }

  @Override
  public void run() {
    try {
      while (!closed) {
        follow();
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private void follow() throws InterruptedException {
    try {
      if (version == null) {
        list();
      }
      long began = System.nanoTime();
      int events = watch();
      if (events > 0 || System.nanoTime() - began > USUAL_WATCH.toNanos()) {
        pause = FIRST_PAUSE;
      } else {
        rest(); // a server that ends every watch at once must not be asked without pause
      }
    } catch (ApiException refused) {
      if (refused.lostPlace()) {
        version = null;
      }
      failed(refused);
    } catch (IOException lost) {
      failed(lost);
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError unexpected) {
      // Whatever it was, a kind that nobody follows any more would be worse.
      version = null;
      failed(unexpected);
    }
  }

  private void failed(Throwable why) throws InterruptedException {
    status =
        status.failed(
            why instanceof IOException ? String.valueOf(why.getMessage()) : why.toString());
    if (why instanceof ApiException refused && !closed) {
      Duration wanted = refused.toWait();
      Thread.sleep(wanted.compareTo(LONGEST_WANTED) < 0 ? wanted : LONGEST_WANTED);
    }
    rest();
  }

  /// Between half of the pause and all of it, so that the agents of a cluster do not all come back
  /// at once; the next one is longer.
  private void rest() throws InterruptedException {
    if (closed) {
      return; // an interrupted read may have been told as a failed one
    }
    long most = pause.toMillis();
    Thread.sleep(most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1));
    Duration longer = pause.multipliedBy(2);
    pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
  }

  /// Takes in everything there is, and that what is not there is gone; all at once.
  private void list() throws IOException, InterruptedException {
    List<Item> items = new ArrayList<>();
    Set<ObjectName> there = new HashSet<>();
    String listed =
        Listing.of(
            server,
            kind,
            read -> {
              LiveObject.Read object = twins.of(read);
              there.add(object.name());
              items.add(set(object));
            });
    for (ObjectName name : known) {
      if (!there.contains(name)) {
        items.add(gone(name));
      }
    }
    known.clear();
    known.addAll(there);
    inbox.put(kind, items, listed);
    inbox.listed(kind);
    version = listed;
    pause = FIRST_PAUSE;
    status = status.listed(known.size());
  }

  /// @return how many events came before it ended
  private int watch() throws IOException, InterruptedException {
    int seconds = 240 + ThreadLocalRandom.current().nextInt(240);
    String path =
        Resource.path(kind)
            + "?watch=true&allowWatchBookmarks=true"
            + Resource.selection(kind)
            + "&timeoutSeconds="
            + seconds
            + "&resourceVersion="
            + URLEncoder.encode(String.valueOf(version), StandardCharsets.UTF_8);
    try (InputStream in = server.get(path, ANSWER);
        Silence.Watched watched = silence.over(in)) {
      status = status.watching();
      return LiveJson.reading(watched.stream(), this::events);
    }
  }

  private int events(JsonParser parser) throws IOException {
    int count = 0;
    WatchEvent event = WatchEvent.next(parser, kind);
    while (event != null) {
      take(event);
      count++;
      event = WatchEvent.next(parser, kind);
    }
    return count;
  }

  private void take(WatchEvent event) throws IOException {
    switch (event) {
      case WatchEvent.Set(var read) -> {
        LiveObject.Read object = twins.of(read);
        pause = FIRST_PAUSE;
        known.add(object.name());
        reached(List.of(set(object)), object.resourceVersion());
      }
      case WatchEvent.Gone(var object) -> {
        known.remove(object.name());
        reached(List.of(gone(object.name())), object.resourceVersion());
      }
      case WatchEvent.Bookmark(var upTo) -> reached(List.of(), upTo);
      case WatchEvent.Failed(var code, var message) ->
          throw new ApiException(code, Resource.path(kind), message);
    }
  }

  private void reached(List<Item> items, String upTo) {
    inbox.put(kind, items, upTo);
    if (!upTo.isEmpty()) {
      version = upTo;
    }
    status = status.heard(items.size(), known.size());
  }

  private Item set(LiveObject.Read object) {
    return new Item(kind, object.name(), object.object().flatMap(ChangeOf::set), notice(object));
  }

  private Item gone(ObjectName name) {
    Optional<Notice> notice =
        complained.remove(name)
            ? Optional.of(new Notice(kind, name, "", List.of(), false))
            : Optional.empty();
    return new Item(kind, name, ChangeOf.gone(kind, name), notice);
  }

  private Optional<Notice> notice(LiveObject.Read object) {
    boolean bad = Notice.isDue(object);
    boolean before = bad ? !complained.add(object.name()) : complained.remove(object.name());
    return bad || before
        ? Optional.of(
            new Notice(
                kind,
                object.name(),
                object.uid(),
                bad ? object.problems() : List.of(),
                object.object().isPresent()))
        : Optional.empty();
  }
}
