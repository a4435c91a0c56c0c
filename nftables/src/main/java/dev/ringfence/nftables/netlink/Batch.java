package dev.ringfence.nftables.netlink;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;

/// A transaction under construction: what to add and delete, in this order.
///
/// Adding what is there already is no error, unless it differs; deleting what is not there is.
public final class Batch {
  /// Attributes have 16 bits of length; elements beyond go into another message.
  private static final int MOST_ELEMENT_BYTES = 60_000;

  private static final String ADD = "add ";
  private static final String DELETE = "delete ";

  private final MessageWriter out = new MessageWriter();
  private final List<WrittenBatch.Step> steps = new ArrayList<>();
  private long elementsAdded;
  private long elementsDeleted;

  public Batch() {
    begin();
  }

  private void begin() {
    int at = out.beginMessage(Nft.BATCH_BEGIN, Nft.REQUEST);
    out.netfilterHeader(0, Nft.SUBSYSTEM);
    out.endMessage(at);
    steps.add(new WrittenBatch.Step(at, "begin a transaction", null));
  }

  /// Forgets everything, to begin another transaction in the same room.
  public void clear() {
    out.clear();
    steps.clear();
    elementsAdded = 0;
    elementsDeleted = 0;
    begin();
  }

  /// Bytes that it comes to.
  public int size() {
    return out.size();
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

  public int setsAdded() {
    return count(NftSet.class, ADD);
  }

  public int setsDeleted() {
    return count(NftSet.class, DELETE);
  }

  public int chainsAdded() {
    return count(NftChain.class, ADD);
  }

  public int chainsDeleted() {
    return count(NftChain.class, DELETE);
  }

  private int count(Class<? extends NftObject> kind, String verb) {
    int out = 0;
    for (WrittenBatch.Step step : steps) {
      out += kind.isInstance(step.object()) && step.verb().equals(verb) ? 1 : 0;
    }
    return out;
  }

  /// Adds a table, or claims one that has lost its owner.
  public void add(NftTable table) {
    message(
        Nft.NEW_TABLE,
        Nft.CREATE,
        table.name(),
        ADD,
        table.name(),
        () -> {
          out.u32(Nft.TABLE_FLAGS, table.flags());
          if (!table.comment().isEmpty()) {
            out.value(Nft.TABLE_USERDATA, UserData.comment(Nft.COMMENT_OF_TABLE, table.comment()));
          }
        });
  }

  /// Deletes a table and all that is in it.
  public void deleteTable(TableName table) {
    message(Nft.DELETE_TABLE, 0, table, DELETE, table, () -> {});
  }

  public void add(NftChain chain) {
    message(
        Nft.NEW_CHAIN,
        Nft.CREATE,
        chain.table(),
        ADD,
        chain,
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
    message(
        Nft.DELETE_CHAIN,
        0,
        chain.table(),
        DELETE,
        chain,
        () -> out.text(Nft.CHAIN_NAME, chain.name()));
  }

  /// Deletes the rules of a chain.
  public void flush(NftChain chain) {
    message(
        Nft.DELETE_RULE,
        0,
        chain.table(),
        "flush ",
        chain,
        () -> out.text(Nft.RULE_CHAIN, chain.name()));
  }

  /// Adds a rule at the end of its chain.
  public void add(NftRule rule) {
    message(
        Nft.NEW_RULE,
        Nft.CREATE | Nft.APPEND,
        rule.table(),
        "add a rule to ",
        rule,
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

  public void add(NftSet set) {
    message(
        Nft.NEW_SET,
        Nft.CREATE,
        set.table(),
        ADD,
        set,
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
    message(Nft.DELETE_SET, 0, set.table(), DELETE, set, () -> out.text(Nft.SET_NAME, set.name()));
  }

  public long addElements(NftSet set, Collection<NftElement> elements) {
    return addElements(set, elements.iterator());
  }

  /// Adds elements in as many messages as it takes.
  ///
  /// @return how many
  public long addElements(NftSet set, Iterator<NftElement> elements) {
    long count = elements(Nft.NEW_ELEMENT, Nft.CREATE, WrittenBatch.ADD_ELEMENTS, set, elements);
    elementsAdded += count;
    return count;
  }

  public void deleteElements(NftSet set, Collection<NftElement> elements) {
    deleteElements(set, elements.iterator());
  }

  /// Deletes elements in as many messages as it takes.
  public void deleteElements(NftSet set, Iterator<NftElement> elements) {
    elementsDeleted += elements(Nft.DELETE_ELEMENT, 0, WrittenBatch.DELETE_ELEMENTS, set, elements);
  }

  private long elements(
      int type, int flags, String verb, NftSet set, Iterator<NftElement> elements) {
    long count = 0;
    while (elements.hasNext()) {
      int at = begin(type, flags, set.table(), verb, set);
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
    if (element.lastKey().isPresent()) {
      ExpressionCodec.writeValue(out, Nft.ELEMENT_KEY_END, element.lastKey().get());
    }
    out.endNested(at);
  }

  public void add(NftCounter counter) {
    message(
        Nft.NEW_OBJECT,
        Nft.CREATE,
        counter.table(),
        ADD,
        counter,
        () -> {
          out.text(Nft.OBJECT_NAME, counter.name());
          out.u32(Nft.OBJECT_TYPE, NftCounter.TYPE);
          int data = out.beginNested(Nft.OBJECT_DATA);
          out.endNested(data);
        });
  }

  public void delete(NftCounter counter) {
    message(
        Nft.DELETE_OBJECT,
        0,
        counter.table(),
        DELETE,
        counter,
        () -> {
          out.text(Nft.OBJECT_NAME, counter.name());
          out.u32(Nft.OBJECT_TYPE, NftCounter.TYPE);
        });
  }

  private void message(
      int type, int flags, TableName table, String verb, NftObject object, Runnable body) {
    int at = begin(type, flags, table, verb, object);
    body.run();
    out.endMessage(at);
  }

  private int begin(int type, int flags, TableName table, String verb, NftObject object) {
    int at = out.beginMessage(Nft.SUBSYSTEM << 8 | type, Nft.REQUEST | flags);
    out.netfilterHeader(table.family().number(), 0);
    out.text(Nft.TABLE, table.name());
    steps.add(new WrittenBatch.Step(at, verb, object));
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

  /// What it says, to read it again.
  WrittenBatch written() {
    return new WrittenBatch(out, steps);
  }
}
