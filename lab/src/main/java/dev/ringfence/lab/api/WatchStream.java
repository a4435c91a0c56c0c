package dev.ringfence.lab.api;

import dev.ringfence.lab.api.objects.ApiError;
import dev.ringfence.lab.api.objects.Json;
import dev.ringfence.lab.api.objects.ResourceKind;
import dev.ringfence.lab.api.store.Change;
import dev.ringfence.lab.api.store.Store;
import dev.ringfence.lab.api.store.StoreException;
import dev.ringfence.lab.api.store.Stored;
import dev.ringfence.lab.api.store.Watch;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ObjectNode;

/// One watch over HTTP: an event a line, until its time is up or the client is gone.
final class WatchStream {
  private static final long BOOKMARK_EVERY = TimeUnit.MINUTES.toNanos(1);
  private static final long SHORTEST_SECONDS = 1_800;

  private final Selection selection;
  private final Form form;
  private final Query query;
  private final OutputStream out;
  private boolean first = true;
  private long told;

  private WatchStream(Selection selection, Form form, Query query, OutputStream out) {
    this.selection = selection;
    this.form = form;
    this.query = query;
    this.out = out;
  }

  /// Returns when the watch is over.
  static void serve(Store store, ResourceKind kind, Selection selection, Call call)
      throws IOException, InterruptedException {
    Query query = call.query();
    long from = query.number("resourceVersion");
    boolean initial = query.flag("sendInitialEvents");
    checkInitial(query, initial);
    try (OutputStream out = call.stream()) {
      WatchStream stream = new WatchStream(selection, Form.of(kind, call), query, out);
      if (from == 0 || initial) {
        Store.Listed listed = store.listAndWatch(kind.resource());
        try (Watch changes = listed.changes()) {
          stream.initial(listed.now().objects(), listed.now().revision(), initial);
          stream.follow(changes);
        }
      } else {
        stream.from(store, kind, from);
      }
    }
  }

  private static void checkInitial(Query query, boolean initial) {
    if (initial && !query.text("resourceVersionMatch").equals("NotOlderThan")) {
      throw new ApiError(
          422,
          "Invalid",
          "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: "
              + "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
    }
  }

  private void initial(List<Stored> now, long revision, boolean mark) throws IOException {
    for (Stored stored : now) {
      if (selection.matches(stored)) {
        send("ADDED", form.event(stored.object(), first));
        first = false;
      }
    }
    if (mark && query.flag("allowWatchBookmarks")) {
      send("BOOKMARK", form.bookmark(revision, true));
    }
    told = revision;
    out.flush();
  }

  private void from(Store store, ResourceKind kind, long revision)
      throws IOException, InterruptedException {
    Watch changes;
    try {
      changes = store.watch(kind.resource(), revision);
    } catch (StoreException forgotten) {
      send("ERROR", ApiError.expired(forgotten.getMessage()).status());
      return;
    }
    told = revision;
    out.flush();
    try (changes) {
      follow(changes);
    }
  }

  private void follow(Watch changes) throws IOException, InterruptedException {
    long seconds = query.number("timeoutSeconds");
    if (seconds <= 0) {
      seconds = SHORTEST_SECONDS + ThreadLocalRandom.current().nextLong(SHORTEST_SECONDS);
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    long mark = System.nanoTime() + BOOKMARK_EVERY;
    while (changes.isOpen() && System.nanoTime() < end) {
      long wait = Math.min(end, mark) - System.nanoTime();
      Optional<Change> next = changes.poll(Math.max(1, TimeUnit.NANOSECONDS.toMillis(wait)));
      while (next.isPresent()) {
        tell(next.get());
        next = changes.poll(0);
      }
      out.flush();
      if (System.nanoTime() >= mark) {
        bookmark(changes);
        mark = System.nanoTime() + BOOKMARK_EVERY;
      }
    }
    bookmark(changes);
  }

  private void bookmark(Watch changes) throws IOException {
    long revision = changes.caughtUp().orElse(told);
    if (query.flag("allowWatchBookmarks") && revision > told) {
      send("BOOKMARK", form.bookmark(revision, false));
      told = revision;
      out.flush();
    }
  }

  /// A change may bring an object into the selection, or out of it.
  private void tell(Change change) throws IOException {
    boolean was = change.before().filter(selection::matches).isPresent();
    boolean is = change.after().filter(selection::matches).isPresent();
    told = change.revision();
    if (is) {
      send(was ? "MODIFIED" : "ADDED", form.event(change.after().orElseThrow().object(), first));
      first = false;
    } else if (was) {
      ObjectNode last = change.before().orElseThrow().object().deepCopy();
      Json.objectIn(last, "metadata").put("resourceVersion", String.valueOf(change.revision()));
      send("DELETED", form.event(last, first));
      first = false;
    }
  }

  private void send(String type, ObjectNode object) throws IOException {
    ObjectNode event = Json.object().put("type", type);
    event.set("object", object);
    out.write(Json.bytes(event));
    out.write('\n');
  }
}
