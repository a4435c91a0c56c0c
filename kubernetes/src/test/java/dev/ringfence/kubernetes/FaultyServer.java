package dev.ringfence.kubernetes;

import dev.ringfence.core.manifest.LiveKind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// An API server in this process that can be told to fail.
public final class FaultyServer implements ApiServer {
  private final Map<LiveKind, java.util.SortedMap<String, Stored>> objects =
      new EnumMap<>(LiveKind.class);
  private final List<Happened> history = new ArrayList<>();
  private final List<Stream> streams = new ArrayList<>();
  private final Map<String, List<Stored>> pages = new HashMap<>();
  private final Map<String, String> applied = new HashMap<>();
  private long version = 1;
  private long forgotten;
  private boolean down;
  private Instead instead = Instead.NOTHING;
  private int refusesWrites;
  private int lists;
  private int asked;
  private int writes;

  /// One object.
  ///
  /// @param json of the object, with `%s` for its resource version
  private record Stored(String json, long version) {
    String text() {
      return json.formatted(version);
    }
  }

  private record Happened(long version, LiveKind kind, String type, String json) {
    String text() {
      return "{\"type\":\"" + type + "\",\"object\":" + json + "}\n";
    }
  }

  /// What it answers in place of what it was asked for.
  public enum Instead {
    /// Just that.
    NOTHING,
    /// The page of some proxy, as if all were well.
    PAGE,
    /// No text at all.
    NOISE,
    /// JSON of something else.
    SOMETHING_ELSE,
    /// An answer that breaks off in the middle.
    HALF,
    /// A list without its items.
    HOLLOW,
    ERROR,
    TOO_MANY;

    InputStream in(String path, InputStream right) throws IOException {
      return switch (this) {
        case NOTHING -> right;
        case PAGE -> text("<html><body>Please sign in</body></html>");
        case NOISE -> new ByteArrayInputStream(new byte[] {0x1f, -1, 0, 7, 0x7b, 0x22, 3});
        case SOMETHING_ELSE -> text("{\"kind\":\"Status\",\"status\":\"Success\"}");
        case HOLLOW -> text("{\"kind\":\"List\",\"metadata\":{\"resourceVersion\":\"7\"}}");
        case HALF -> half(right);
        case ERROR -> throw new ApiException(500, path, "etcdserver: leader changed");
        case TOO_MANY -> throw new ApiException(429, path, "Too many requests", 1);
      };
    }

    private static InputStream text(String text) {
      return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    /// A watch has no end to be in the middle of.
    private static InputStream half(InputStream right) throws IOException {
      if (!(right instanceof ByteArrayInputStream)) {
        return text("{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"a");
      }
      byte[] all = right.readAllBytes();
      return new ByteArrayInputStream(all, 0, all.length / 2);
    }
  }

  /// What it answers from now on.
  public synchronized void answer(Instead now) {
    instead = now;
  }

  public FaultyServer() {
    for (LiveKind kind : LiveKind.values()) {
      objects.put(kind, new TreeMap<>());
    }
  }

  /// It is there from now on, new or changed.
  ///
  /// @param name to find it again by
  /// @param json with `%s` in place of its resource version
  public synchronized void set(LiveKind kind, String name, String json) {
    version++;
    Stored now = new Stored(json, version);
    boolean there = of(kind).put(name, now) != null;
    happen(new Happened(version, kind, there ? "MODIFIED" : "ADDED", now.text()));
  }

  public synchronized void remove(LiveKind kind, String name) {
    Stored was = of(kind).remove(name);
    if (was != null) {
      version++;
      happen(new Happened(version, kind, "DELETED", new Stored(was.json(), version).text()));
    }
  }

  /// An event that belongs to nothing.
  public synchronized void deleteWhatNeverWas(LiveKind kind, String json) {
    version++;
    happen(new Happened(version, kind, "DELETED", json.formatted(version)));
  }

  public synchronized void bookmark() {
    for (Stream stream : streams) {
      stream.say(
          "{\"object\":{\"metadata\":{\"resourceVersion\":\""
              + version
              + "\"}},"
              + "\"type\":\"BOOKMARK\"}\n");
    }
  }

  /// Forgets what has happened up to now.
  public synchronized void compact() {
    forgotten = version;
    history.clear();
  }

  /// Ends every watch, within an event or between two.
  public synchronized void cut(boolean within) {
    for (Stream stream : streams) {
      if (within) {
        stream.say("{\"type\":\"MODIFIED\",\"object\":{\"metadata\":{\"name\":\"ha");
      }
      stream.end();
    }
    streams.clear();
  }

  /// Tells every watch that it is too old.
  public synchronized void expire() {
    for (Stream stream : streams) {
      stream.say(
          "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410,"
              + "\"message\":\"too old resource version\"}}\n");
      stream.end();
    }
    streams.clear();
  }

  public synchronized void down(boolean now) {
    down = now;
    if (now) {
      cut(false);
    }
  }

  public synchronized int lists() {
    return lists;
  }

  public synchronized int asked() {
    return asked;
  }

  private java.util.SortedMap<String, Stored> of(LiveKind kind) {
    java.util.SortedMap<String, Stored> out = objects.get(kind);
    if (out == null) {
      throw new AssertionError(kind);
    }
    return out;
  }

  private void happen(Happened what) {
    history.add(what);
    for (Stream stream : streams) {
      if (stream.kind == what.kind()) {
        stream.say(what.text());
      }
    }
  }

  @Override
  public synchronized InputStream get(String path, Duration headers) throws IOException {
    asked++;
    if (down) {
      throw new IOException("connection refused");
    }
    for (LiveKind kind : LiveKind.values()) {
      if (path.startsWith(Resource.path(kind) + "?")) {
        return instead.in(path, path.contains("watch=true") ? watch(kind, path) : list(kind, path));
      }
    }
    throw new ApiException(404, path, "not found");
  }

  private InputStream list(LiveKind kind, String path) throws ApiException {
    lists++;
    String token = path.contains("continue=") ? path.replaceFirst(".*continue=", "") : "";
    List<Stored> left =
        token.isEmpty() ? List.copyOf(of(kind).values()) : pages.getOrDefault(token, List.of());
    if (!token.isEmpty() && Long.parseLong(token.replaceFirst(".*-", "")) < forgotten) {
      throw new ApiException(410, path, "the continue parameter is too old");
    }
    // Small pages, whatever limit was asked for.
    int count = Math.min(3, left.size());
    String next = "";
    if (left.size() > count) {
      next = kind + "-" + left.size() + "-" + version;
      pages.put(next, left.subList(count, left.size()));
    }
    String items = String.join(",", left.subList(0, count).stream().map(Stored::text).toList());
    String metadata =
        "\"metadata\":{\"resourceVersion\":\"" + version + "\",\"continue\":\"" + next + "\"}";
    String whole = "{\"kind\":\"List\"," + metadata + ",\"items\":[" + items + "]}";
    return new ByteArrayInputStream(whole.getBytes(StandardCharsets.UTF_8));
  }

  private InputStream watch(LiveKind kind, String path) throws ApiException {
    long from = Long.parseLong(path.replaceFirst(".*resourceVersion=", ""));
    if (from < forgotten) {
      throw new ApiException(410, path, "too old resource version");
    }
    Stream stream = new Stream(kind);
    for (Happened one : history) {
      if (one.kind() == kind && one.version() > from) {
        stream.say(one.text());
      }
    }
    streams.add(stream);
    return stream;
  }

  @Override
  public synchronized void apply(String path, String json) throws IOException {
    if (down) {
      throw new IOException("connection refused");
    }
    if (refusesWrites > 0) {
      throw new ApiException(refusesWrites, path, "no");
    }
    applied.put(path, json);
    writes++;
  }

  /// Answers everything that is applied with this code; 0 takes it again.
  public synchronized void refuseWrites(int code) {
    refusesWrites = code;
  }

  /// How much was applied.
  public synchronized int writes() {
    return writes;
  }

  /// What was applied last, by path.
  public synchronized Map<String, String> applied() {
    return Map.copyOf(applied);
  }

  @Override
  public String address() {
    return "nowhere";
  }

  @Override
  public synchronized void close() {
    cut(false);
  }

  /// What one watch sends.
  private static final class Stream extends InputStream {
    private final LiveKind kind;
    private final java.util.ArrayDeque<byte[]> waiting = new java.util.ArrayDeque<>();
    private int at;
    private boolean ended;

    Stream(LiveKind kind) {
      this.kind = kind;
    }

    synchronized void say(String text) {
      waiting.add(text.getBytes(StandardCharsets.UTF_8));
      notifyAll();
    }

    synchronized void end() {
      ended = true;
      notifyAll();
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public synchronized int read(byte[] into, int offset, int length) throws IOException {
      try {
        while (waiting.isEmpty()) {
          if (ended) {
            return -1;
          }
          wait();
        }
      } catch (InterruptedException interrupted) {
        throw new IOException(interrupted);
      }
      byte[] first = waiting.element();
      int count = Math.min(length, first.length - at);
      System.arraycopy(first, at, into, offset, count);
      at += count;
      if (at == first.length) {
        waiting.remove();
        at = 0;
      }
      return count;
    }

    @Override
    public void close() {
      end();
    }
  }
}
