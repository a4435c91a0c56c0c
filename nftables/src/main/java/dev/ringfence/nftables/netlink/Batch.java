package dev.ringfence.nftables.netlink;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// A transaction under construction: what to add and delete, in this order.
///
/// Adding what is there already is no error, unless it differs; deleting what is not there is.
public final class Batch {
  /// Attributes have 16 bits of length; elements beyond go into another message.
  private static final int MOST_ELEMENT_BYTES = 60_000;

  private final MessageWriter out = new MessageWriter();
  private final List<Step> steps = new ArrayList<>();
  private long elementsAdded;
  private long elementsDeleted;

  /// A message: where it starts, what it asks, and for elements how their keys read.
  private record Step(int at, String request, List<KeyType> key) {}

  public Batch() {
    begin(Optional.empty());
  }

  private Batch(int generation) {
    begin(Optional.of(generation));
  }

  /// A batch that the kernel refuses if anything changed since this generation of the ruleset.
  public static Batch onlyAt(int generation) {
    return new Batch(generation);
  }

  private void begin(Optional<Integer> generation) {
    int at = out.beginMessage(Nft.BATCH_BEGIN, Nft.REQUEST);
    out.netfilterHeader(0, Nft.SUBSYSTEM);
    generation.ifPresent(number -> out.u32(Nft.BATCH_GENERATION, number));
    out.endMessage(at);
    steps.add(new Step(at, "begin a transaction", List.of()));
  }

  public boolean isEmpty() {
    return steps.size() == 1;
  }

  public long elementsAdded() {
    return elementsAdded;
  }

  public long elementsDeleted() {
    return elementsDeleted;
  }

  /// Adds a table, or claims one that has lost its owner.
  public void add(NftTable table) {
    message(
        Nft.NEW_TABLE,
        Nft.CREATE,
        table.name(),
        "add table " + table.name(),
        () -> {
          out.u32(Nft.TABLE_FLAGS, table.flags());
          if (!table.comment().isEmpty()) {
            out.value(Nft.TABLE_USERDATA, UserData.comment(Nft.COMMENT_OF_TABLE, table.comment()));
          }
        });
  }

  /// Deletes a table and all that is in it.
  public void deleteTable(TableName table) {
    message(Nft.DELETE_TABLE, 0, table, "delete table " + table, () -> {});
  }

  public void add(NftChain chain) {
    String request = "add chain " + chain.table() + " " + chain.name();
    message(
        Nft.NEW_CHAIN,
        Nft.CREATE,
        chain.table(),
        request,
        () -> {
          out.text(Nft.CHAIN_NAME, chain.name());
          chain.base().ifPresent(this::write);
        });
  }

  private void write(NftChain.Base base) {
    int hook = out.beginNested(Nft.CHAIN_HOOK);
    out.u32(Nft.HOOK_NUMBER, base.hook().number());
    out.u32(Nft.HOOK_PRIORITY, base.priority());
    if (base.devices().size() == 1) {
      out.text(Nft.HOOK_DEVICE, base.devices().getFirst());
    } else if (!base.devices().isEmpty()) {
      int devices = out.beginNested(Nft.HOOK_DEVICES);
      base.devices().forEach(device -> out.text(Nft.DEVICE_NAME, device));
      out.endNested(devices);
    }
    out.endNested(hook);
    out.u32(Nft.CHAIN_POLICY, base.accepts() ? 1 : 0);
    out.text(Nft.CHAIN_TYPE, base.type().toString());
  }

  /// Deletes a chain that has no rules and that nobody jumps to any more.
  public void delete(NftChain chain) {
    String request = "delete chain " + chain.table() + " " + chain.name();
    message(
        Nft.DELETE_CHAIN, 0, chain.table(), request, () -> out.text(Nft.CHAIN_NAME, chain.name()));
  }

  /// Deletes the rules of a chain.
  public void flush(NftChain chain) {
    String request = "flush chain " + chain.table() + " " + chain.name();
    message(
        Nft.DELETE_RULE, 0, chain.table(), request, () -> out.text(Nft.RULE_CHAIN, chain.name()));
  }

  /// Adds a rule at the end of its chain.
  public void add(NftRule rule) {
    String request = "add a rule to chain " + rule.table() + " " + rule.chain();
    message(
        Nft.NEW_RULE,
        Nft.CREATE | Nft.APPEND,
        rule.table(),
        request,
        () -> {
          out.text(Nft.RULE_CHAIN, rule.chain());
          int expressions = out.beginNested(Nft.RULE_EXPRESSIONS);
          rule.expressions().forEach(one -> ExpressionCodec.write(out, one));
          out.endNested(expressions);
          if (!rule.comment().isEmpty()) {
            out.value(Nft.RULE_USERDATA, UserData.comment(Nft.COMMENT_OF_RULE, rule.comment()));
          }
        });
  }

  public void delete(NftRule.Installed installed) {
    NftRule rule = installed.rule();
    String request =
        "delete rule " + installed.handle() + " of chain " + rule.table() + " " + rule.chain();
    message(
        Nft.DELETE_RULE,
        0,
        rule.table(),
        request,
        () -> {
          out.text(Nft.RULE_CHAIN, rule.chain());
          out.u64(Nft.RULE_HANDLE, installed.handle());
        });
  }

  public void add(NftSet set) {
    message(
        Nft.NEW_SET,
        Nft.CREATE,
        set.table(),
        "add " + named(set),
        () -> {
          out.text(Nft.SET_NAME, set.name());
          out.u32(Nft.SET_FLAGS, set.flags());
          out.u32(Nft.SET_KEY_TYPE, set.keyType());
          out.u32(Nft.SET_KEY_LENGTH, set.keyLength());
          set.data().ifPresent(this::write);
          writeDescription(set);
          out.u32(Nft.SET_ID, steps.size());
          Bytes order = UserData.byteOrder(set);
          out.value(
              Nft.SET_USERDATA, order.then(UserData.comment(Nft.COMMENT_OF_SET, set.comment())));
        });
  }

  private void write(NftSet.Data data) {
    switch (data) {
      case NftSet.Data.Verdicts() -> {
        out.u32(Nft.SET_DATA_TYPE, Nft.VERDICT_DATA);
        out.u32(Nft.SET_DATA_LENGTH, 16);
      }
      case NftSet.Data.Values(var type) -> {
        out.u32(Nft.SET_DATA_TYPE, type.number());
        out.u32(Nft.SET_DATA_LENGTH, type.length());
      }
    }
  }

  private void writeDescription(NftSet set) {
    boolean fields = set.interval() && set.key().size() > 1; // else the key is one run of bytes
    if (set.size().isEmpty() && !fields) {
      return;
    }
    int description = out.beginNested(Nft.SET_DESCRIPTION);
    set.size().ifPresent(size -> out.u32(Nft.DESCRIPTION_SIZE, size));
    if (fields) {
      int list = out.beginNested(Nft.DESCRIPTION_FIELDS);
      for (KeyType field : set.key()) {
        int one = out.beginNested(Nft.FIELD);
        out.u32(Nft.FIELD_LENGTH, field.length());
        out.endNested(one);
      }
      out.endNested(list);
    }
    out.endNested(description);
  }

  /// Deletes a set that no rule looks into any more.
  public void delete(NftSet set) {
    message(
        Nft.DELETE_SET,
        0,
        set.table(),
        "delete " + named(set),
        () -> out.text(Nft.SET_NAME, set.name()));
  }

  public void addElements(NftSet set, Collection<NftElement> elements) {
    addElements(set, elements.iterator());
  }

  /// Adds elements in as many messages as it takes.
  public void addElements(NftSet set, Iterator<NftElement> elements) {
    elementsAdded += elements(Nft.NEW_ELEMENT, Nft.CREATE, "add elements to ", set, elements);
  }

  public void deleteElements(NftSet set, Collection<NftElement> elements) {
    deleteElements(set, elements.iterator());
  }

  /// Deletes elements in as many messages as it takes.
  public void deleteElements(NftSet set, Iterator<NftElement> elements) {
    elementsDeleted += elements(Nft.DELETE_ELEMENT, 0, "delete elements of ", set, elements);
  }

  private long elements(
      int type, int flags, String verb, NftSet set, Iterator<NftElement> elements) {
    long count = 0;
    while (elements.hasNext()) {
      int at = begin(type, flags, set.table(), verb + named(set), set.key());
      out.text(Nft.ELEMENTS_SET, set.name());
      int list = out.beginNested(Nft.ELEMENTS);
      while (elements.hasNext() && out.since(list) < MOST_ELEMENT_BYTES) {
        write(elements.next());
        count++;
      }
      out.endNested(list);
      out.endMessage(at);
    }
    return count;
  }

  private void write(NftElement element) {
    int at = out.beginNested(Nft.ELEMENT);
    ExpressionCodec.writeValue(out, Nft.ELEMENT_KEY, element.key());
    if (element.data().isPresent()) {
      switch (element.data().get()) {
        case NftElement.Data.ToVerdict(var verdict) ->
            ExpressionCodec.writeVerdict(out, Nft.ELEMENT_DATA, verdict);
        case NftElement.Data.ToValue(var value) ->
            ExpressionCodec.writeValue(out, Nft.ELEMENT_DATA, value);
      }
    }
    if (element.endsInterval()) {
      out.u32(Nft.ELEMENT_FLAGS, NftElement.INTERVAL_END);
    }
    element.lastKey().ifPresent(last -> ExpressionCodec.writeValue(out, Nft.ELEMENT_KEY_END, last));
    out.endNested(at);
  }

  public void add(NftCounter counter) {
    String request = "add counter " + counter.table() + " " + counter.name();
    message(
        Nft.NEW_OBJECT,
        Nft.CREATE,
        counter.table(),
        request,
        () -> {
          out.text(Nft.OBJECT_NAME, counter.name());
          out.u32(Nft.OBJECT_TYPE, NftCounter.TYPE);
          int data = out.beginNested(Nft.OBJECT_DATA);
          out.endNested(data);
        });
  }

  public void delete(NftCounter counter) {
    String request = "delete counter " + counter.table() + " " + counter.name();
    message(
        Nft.DELETE_OBJECT,
        0,
        counter.table(),
        request,
        () -> {
          out.text(Nft.OBJECT_NAME, counter.name());
          out.u32(Nft.OBJECT_TYPE, NftCounter.TYPE);
        });
  }

  private static String named(NftSet set) {
    return (set.data().isPresent() ? "map " : "set ") + set.table() + " " + set.name();
  }

  private void message(int type, int flags, TableName table, String request, Runnable body) {
    int at = begin(type, flags, table, request, List.of());
    body.run();
    out.endMessage(at);
  }

  private int begin(int type, int flags, TableName table, String request, List<KeyType> key) {
    int at = out.beginMessage(Nft.SUBSYSTEM << 8 | type, Nft.REQUEST | flags);
    out.netfilterHeader(table.family().number(), 0);
    out.text(Nft.TABLE, table.name());
    steps.add(new Step(at, request, key));
    return at;
  }

  /// Closes the batch and numbers its messages, the first with `first`, the last but one asking for
  /// an acknowledgement.
  MessageWriter finish(int first) {
    for (int i = 0; i < steps.size(); i++) {
      out.sequence(steps.get(i).at(), first + i);
    }
    out.flag(steps.getLast().at(), Nft.ACK);
    int at = out.beginMessage(Nft.BATCH_END, Nft.REQUEST);
    out.netfilterHeader(0, Nft.SUBSYSTEM);
    out.endMessage(at);
    out.sequence(at, first + steps.size());
    return out;
  }

  /// Messages of the finished batch, begin and end included.
  int messages() {
    return steps.size() + 1;
  }

  /// What was refused, down to the element that the kernel points at.
  KernelRefused refused(Refusal refusal, int first) {
    int index = refusal.sequence() - first;
    if (index < 0 || index >= steps.size()) {
      return new KernelRefused(refusal.errno(), "end a transaction", refusal.text());
    }
    Step step = steps.get(index);
    String request =
        refusal.offset().isPresent() && !step.key().isEmpty()
            ? element(step, step.at() + refusal.offset().getAsInt())
                .map(key -> step.request().replace("elements", "element " + key))
                .orElse(step.request())
            : step.request();
    return new KernelRefused(refusal.errno(), request, refusal.text());
  }

  /// The key of the element that holds this offset.
  private Optional<String> element(Step step, int offset) {
    byte[] sent = java.util.Arrays.copyOf(out.buffer(), out.size());
    int end =
        step.at()
            + java.nio.ByteBuffer.wrap(sent)
                .order(java.nio.ByteOrder.nativeOrder())
                .getInt(step.at());
    Attributes message = Attributes.parse(sent, step.at() + MessageWriter.HEADER + 4, end);
    for (Attributes.Attribute one : message.nested(Nft.ELEMENTS).all()) {
      if (one.start() <= offset && offset < one.end()) {
        Bytes key = ExpressionCodec.readValue(one.nested().nested(Nft.ELEMENT_KEY));
        return Optional.of(NftSet.print(step.key(), key));
      }
    }
    return Optional.empty();
  }
}
