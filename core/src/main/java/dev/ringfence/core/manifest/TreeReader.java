package dev.ringfence.core.manifest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Parser events to [Document]s, in one pass and within a [Budget].
///
/// The items of a list document are handed over one by one, so that a dump of a whole cluster never
/// stands in memory as one tree.
final class TreeReader {
  /// A scalar costs time in proportion to its length squared, divided by this.
  private static final int BUFFER = 16 * 1024;

  private static final LoadSettings SETTINGS =
      LoadSettings.builder()
          .setUseMarks(true)
          .setParseComments(false)
          .setBufferSize(BUFFER)
          .setCodePointLimit(Integer.MAX_VALUE)
          .build();
  private final DocumentReader text;
  private final Consumer<Document> sink;
  private final Budget budget = new Budget();
  private final ScalarReader scalars = new ScalarReader();
  private final Map<String, Anchored> anchors = new HashMap<>();

  /// Where we are, from the root of the object.
  private final StringBuilder path = new StringBuilder();

  private List<Duplicate> duplicates = new ArrayList<>();
  private List<Nameless> namelessItems = new ArrayList<>();
  private Iterator<Event> events = List.<Event>of().iterator();
  private boolean json;
  private int lastHeight;

  /// An item whose list may say only later what it is.
  private record Nameless(Tree tree, List<Duplicate> duplicates) {}

  /// What an anchor stands for; `tree` is null while it is still being read.
  private record Anchored(@Nullable Tree tree, long nodes, int height) {}

  private static final Anchored OPEN = new Anchored(null, 0, 0);

  TreeReader(DocumentReader text, Consumer<Document> sink) {
    this.text = text;
    this.sink = sink;
  }

  /// Reads what is left of the current document of `text`; throws [TextError] where it breaks.
  void read() {
    try {
      events = new Parse(SETTINGS).parseReader(text).iterator();
      while (events.hasNext()) {
        if (events.next().getEventId() == Event.ID.DocumentStart) {
          document();
        }
      }
    } catch (MarkedYamlEngineException wrong) {
      throw syntaxError(wrong);
    } catch (YamlEngineException wrong) {
      throw new TextError(text.firstLine(), 1, "yaml: " + wrong.getMessage());
    }
  }

  private TextError syntaxError(MarkedYamlEngineException wrong) {
    Mark mark = wrong.getProblemMark().or(wrong::getContextMark).orElse(null);
    String context = wrong.getContext() == null ? "" : wrong.getContext() + ": ";
    return new TextError(
        mark == null ? text.firstLine() : text.lineOf(mark),
        mark == null ? 1 : text.columnOf(mark),
        "yaml: " + context + wrong.getProblem());
  }

  private void document() {
    anchors.clear();
    path.setLength(0);
    budget.renew();
    text.renew();
    duplicates = new ArrayList<>();
    namelessItems = new ArrayList<>();
    json = false;
    Event first = events.next();
    if (first instanceof MappingStartEvent start) {
      root(start);
    } else {
      sink.accept(new Document(node(first, 1), json, duplicates, null));
    }
  }

  private void root(MappingStartEvent start) {
    Event next = events.next();
    json = text.isJson();
    Tree.Mapping root = mapping(start, next, 1);
    for (Nameless item : namelessItems) {
      sink.accept(new Document(item.tree, json, item.duplicates, root));
    }
    sink.accept(new Document(root, json, duplicates, null));
  }

  private Tree node(Event event, int depth) {
    int line = line(event);
    int column = column(event);
    Budget.checkDepth(depth, line, column);
    if (event instanceof AliasEvent alias) {
      return alias(alias.getAlias().getValue(), depth, line, column);
    }
    budget.spend(1, line, column);
    Optional<Anchor> anchor = ((NodeEvent) event).getAnchor();
    return anchor.isPresent()
        ? anchored(anchor.get().getValue(), event, depth, line, column)
        : plainNode(event, depth, line, column);
  }

  private Tree anchored(String name, Event event, int depth, int line, int column) {
    long before = budget.nodes();
    anchors.put(name, OPEN);
    Tree tree = plainNode(event, depth, line, column);
    // One of that name inside it is the later one.
    anchors.replace(name, OPEN, new Anchored(tree, budget.nodes() - before + 1, lastHeight));
    return tree;
  }

  private Tree plainNode(Event event, int depth, int line, int column) {
    if (event instanceof ScalarEvent scalar) {
      lastHeight = 0;
      return scalars.read(scalar, json, line, column);
    }
    if (event instanceof MappingStartEvent start) {
      return mapping(start, events.next(), depth);
    }
    if (event instanceof CollectionStartEvent start) {
      return sequence(start, depth);
    }
    throw new TextError(line, column, "yaml: unexpected " + event.getEventId());
  }

  private Tree alias(String name, int depth, int line, int column) {
    Anchored anchored = anchors.get(name);
    if (anchored == null) {
      throw new TextError(line, column, "yaml: unknown anchor '" + name + "' referenced");
    }
    if (anchored.tree == null) {
      throw new TextError(line, column, "yaml: anchor '" + name + "' value contains itself");
    }
    budget.spendAlias(line, column);
    budget.spend(anchored.nodes, line, column);
    Budget.checkDepth(depth + anchored.height, line, column);
    lastHeight = anchored.height;
    return anchored.tree;
  }

  private Tree sequence(CollectionStartEvent start, int depth) {
    List<Tree> items = new ArrayList<>();
    int height = 0;
    Event event = events.next();
    while (event.getEventId() != Event.ID.SequenceEnd) {
      int before = path.length();
      path.append('[').append(items.size()).append(']');
      items.add(node(event, depth + 1));
      path.setLength(before);
      height = Math.max(height, lastHeight + 1);
      event = events.next();
    }
    lastHeight = height;
    return new Tree.Sequence(line(start), column(start), List.copyOf(items));
  }

  private Tree.Mapping mapping(MappingStartEvent start, Event first, int depth) {
    MappingBuilder building = new MappingBuilder(path, duplicates, json);
    int height = 0;
    Event event = first;
    while (event.getEventId() != Event.ID.MappingEnd) {
      int line = line(event);
      int column = column(event);
      boolean merge = isMerge(event);
      Tree name = merge ? new Tree.Null(line, column, true) : key(event, depth, line, column);
      String key = merge ? "<<" : scalars.key(name, line, column);
      Event valueEvent = events.next();
      int before = path.length();
      path.append(before == 0 ? "" : ".").append(key);
      Tree value =
          depth == 1
                  && key.equals("items")
                  && valueEvent instanceof SequenceStartEvent items
                  && building.mayBeList()
              ? listItems(items, building)
              : node(valueEvent, depth + 1);
      path.setLength(before);
      height = Math.max(height, lastHeight + 1);
      if (merge) {
        building.merge(value, line, column);
      } else {
        building.put(new Tree.Entry(key, line, column, value, false), name, line(valueEvent));
      }
      event = events.next();
    }
    lastHeight = height;
    return new Tree.Mapping(line(start), column(start), building.entries(), building.replaced());
  }

  /// A key may be a number that no value can be (S185).
  private Tree key(Event event, int depth, int line, int column) {
    return event instanceof ScalarEvent scalar && ScalarReader.isNotFinite(scalar)
        ? new Tree.Scalar(
            line, column, scalar.getValue(), Tree.Kind.STRING, Scalars.notFinite(scalar.getValue()))
        : node(event, depth + 1);
  }

  /// Hands over the items of a list document; the list keeps an empty sequence in their place.
  private Tree listItems(SequenceStartEvent start, MappingBuilder list) {
    Tree.Mapping around = new Tree.Mapping(line(start), column(start), list.entries());
    boolean kindKnown = around.get("kind") != null;
    List<Duplicate> ofList = duplicates;
    Event event = events.next();
    while (event.getEventId() != Event.ID.SequenceEnd) {
      if (namelessItems.isEmpty()) {
        budget.renew();
        text.renew();
      }
      duplicates = new ArrayList<>();
      path.setLength(0);
      Tree item = node(event, 2);
      boolean nameless = item instanceof Tree.Mapping mapping && mapping.get("kind") == null;
      if (nameless && !kindKnown) {
        namelessItems.add(new Nameless(item, duplicates));
      } else {
        sink.accept(new Document(item, json, duplicates, around));
      }
      event = events.next();
    }
    duplicates = ofList;
    lastHeight = 0;
    return new Tree.Sequence(line(start), column(start), List.of());
  }

  private static boolean isMerge(Event event) {
    return event instanceof ScalarEvent scalar
        && scalar.getScalarStyle() == ScalarStyle.PLAIN
        && scalar.getTag().isEmpty()
        && scalar.getValue().equals("<<");
  }

  private int line(Event event) {
    Optional<Mark> start = event.getStartMark();
    return start.isPresent() ? text.lineOf(start.get()) : text.firstLine();
  }

  private int column(Event event) {
    Optional<Mark> start = event.getStartMark();
    return start.isPresent() ? text.columnOf(start.get()) : 1;
  }
}
