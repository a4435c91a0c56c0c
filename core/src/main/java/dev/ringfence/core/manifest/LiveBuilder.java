package dev.ringfence.core.manifest;

import dev.ringfence.core.manifest.Tree.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Builds one object of a known kind from what a parser of JSON meets, and keeps only what somebody
/// here looks at: a pod of many kilobytes comes to a few hundred bytes.
///
/// The parser calls [#field] before each value of an object and leaves the value out, however large
/// it is, where the answer is no. Of a field that comes twice the last value counts. Used for one
/// object, by one thread.
public final class LiveBuilder {
  /// Known to the schema of a policy, and of no use here.
  private static final Set<String> UNREAD = Set.of("managedFields", "annotations", "finalizers");

  private final LiveKind kind;
  private final Deque<Open> open = new ArrayDeque<>();
  private Tree.@Nullable Mapping root;
  private @Nullable String field;

  /// Something that is not closed yet.
  private record Open(
      @Nullable Schema schema, @Nullable String field, List<Tree> values, List<String> keys) {}

  public LiveBuilder(LiveKind kind) {
    this.kind = kind;
  }

  /// A field of the object that was begun last.
  ///
  /// @return whether its value is wanted; if not, nothing of it may follow
  public boolean field(String name) {
    Schema within = schema(open.getFirst().schema());
    boolean wanted =
        switch (within) {
          case Schema.Struct struct ->
              (struct.closed() || struct.fields().containsKey(name))
                  ? !(isMetadata() && UNREAD.contains(name))
                  : isMetadata() && name.equals("resourceVersion");
          case null, default -> true;
        };
    field = wanted ? name : null;
    return wanted;
  }

  private boolean isMetadata() {
    return open.size() == 2 && "metadata".equals(open.getFirst().field());
  }

  private static @Nullable Schema schema(@Nullable Schema schema) {
    return schema instanceof Schema.Pointer(Schema to) ? to : schema;
  }

  /// What the value that comes next should be; null where nobody knows.
  private @Nullable Schema expected() {
    if (open.isEmpty()) {
      return kind.schema();
    }
    return switch (schema(open.getFirst().schema())) {
      case Schema.Struct struct when field != null -> struct.fields().get(field);
      case Schema.ListOf(Schema item) -> item;
      case null, default -> null;
    };
  }

  public void beginObject() {
    begin();
  }

  public void beginArray() {
    begin();
  }

  private void begin() {
    open.push(new Open(expected(), field, new ArrayList<>(), new ArrayList<>()));
    field = null;
  }

  public void endObject() {
    Open done = open.pop();
    List<Tree.Entry> entries = new ArrayList<>(done.keys().size());
    for (int i = 0; i < done.keys().size(); i++) {
      entries.add(new Tree.Entry(done.keys().get(i), 0, 0, done.values().get(i), false));
    }
    Tree.Mapping object = new Tree.Mapping(0, 0, List.copyOf(entries));
    if (open.isEmpty()) {
      root = object;
    } else {
      field = done.field();
      add(object);
    }
  }

  public void endArray() {
    Open done = open.pop();
    field = done.field();
    add(new Tree.Sequence(0, 0, List.copyOf(done.values())));
  }

  public void text(String value) {
    add(new Tree.Scalar(0, 0, value, Kind.STRING, value));
  }

  /// A number without fraction, of whatever size.
  ///
  /// @param digits with an optional sign
  public void whole(String digits) {
    add(new Tree.Scalar(0, 0, digits, Kind.INTEGER, digits));
  }

  /// Any other number, as it was sent.
  public void fraction(String spelling) {
    add(new Tree.Scalar(0, 0, spelling, Kind.FRACTION, spelling));
  }

  public void truth(boolean value) {
    String word = Boolean.toString(value);
    add(new Tree.Scalar(0, 0, word, Kind.BOOLEAN, word));
  }

  public void nothing() {
    add(new Tree.Null(0, 0, true));
  }

  private void add(Tree value) {
    Open into = open.element();
    String name = field;
    if (name != null) {
      int before = into.keys().indexOf(name);
      if (before >= 0) {
        into.keys().remove(before);
        into.values().remove(before);
      }
      into.keys().add(name);
    }
    into.values().add(value);
    field = null;
  }

  /// What it is, once it is closed.
  public LiveObject.Read read() {
    if (root == null) {
      throw new IllegalStateException("no object was begun and ended");
    }
    return new LiveReader(kind, root).read();
  }
}
