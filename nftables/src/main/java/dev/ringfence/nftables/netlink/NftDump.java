package dev.ringfence.nftables.netlink;

import dev.ringfence.nftables.linux.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/// Reads nf_tables back, into the same records that were written.
///
/// What is missing is an empty list; every list is consistent in itself, several are if
/// [#generation] is the same before and after.
public final class NftDump {
  private static final int HEADER = 4;

  /// What an element may have that only says who it is and what it leads to.
  private static final Set<Integer> OF_ELEMENTS =
      Set.of(
          Nft.ELEMENT_KEY,
          Nft.ELEMENT_KEY_END,
          Nft.ELEMENT_DATA,
          Nft.ELEMENT_FLAGS,
          Nft.ELEMENT_USERDATA,
          Nft.ELEMENT_PAD);

  private final NetlinkSocket socket;

  public NftDump(NetlinkSocket socket) {
    this.socket = socket;
  }

  /// The number of the ruleset; every transaction of anyone changes it.
  public int generation() {
    return socket.get(
        "read the generation",
        out -> {
          int at = out.beginMessage(Nft.SUBSYSTEM << 8 | Nft.GET_GENERATION, Nft.REQUEST);
          out.netfilterHeader(0, 0);
          out.endMessage(at);
        },
        message -> message.attributes(HEADER).u32(Nft.GENERATION_ID));
  }

  /// Every table of the network namespace.
  public List<NftTable> tables() {
    return socket.dump(
        "list tables",
        out -> {
          int at = out.beginMessage(Nft.SUBSYSTEM << 8 | Nft.GET_TABLE, Nft.REQUEST);
          out.netfilterHeader(0, 0);
          out.endMessage(at);
        },
        (message, tables) -> {
          Attributes all = message.attributes(HEADER);
          int flags = all.u32(Nft.TABLE_FLAGS, 0);
          tables.add(
              new NftTable(
                  new TableName(NftFamily.of(message.byteAt(0)), all.text(Nft.TABLE)),
                  (flags & NftTable.OWNER) != 0,
                  (flags & NftTable.PERSIST) != 0,
                  commentOfTable(flags, all)));
        });
  }

  /// A table that is more than ours, such as switched off, says so, and is of no layout of ours.
  private static String commentOfTable(int flags, Attributes all) {
    int more = flags & ~(NftTable.OWNER | NftTable.PERSIST);
    return more == 0
        ? UserData.readComment(Nft.COMMENT_OF_TABLE, all.value(Nft.TABLE_USERDATA))
        : "of another kind, flags " + more;
  }

  /// The table with this name, if there is one.
  public Optional<NftTable> table(TableName name) {
    return tables().stream().filter(one -> one.name().equals(name)).findFirst();
  }

  public List<NftChain> chains(TableName table) {
    return dump(
        Nft.GET_CHAIN,
        table,
        "list chains",
        "",
        0,
        (all, chains) ->
            chains.add(new NftChain(table, all.text(Nft.CHAIN_NAME), base(all, table.family()))));
  }

  private static Optional<NftChain.Base> base(Attributes chain, NftFamily family) {
    if (chain.find(Nft.CHAIN_HOOK).isEmpty()) {
      return Optional.empty();
    }
    Attributes hook = chain.nested(Nft.CHAIN_HOOK);
    List<String> devices = new ArrayList<>();
    for (Attributes.Attribute device : hook.nested(Nft.HOOK_DEVICES).all()) {
      devices.add(device.text());
    }
    if (devices.isEmpty()) {
      hook.find(Nft.HOOK_DEVICE).ifPresent(device -> devices.add(device.text()));
    }
    NftChain.Hook where = NftChain.Hook.of(hook.u32(Nft.HOOK_NUMBER), family);
    if (where.isOfDevice() && devices.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new NftChain.Base(
            where,
            hook.u32(Nft.HOOK_PRIORITY),
            chain.u32(Nft.CHAIN_POLICY, 1) == 1,
            devices,
            NftChain.Type.of(chain.text(Nft.CHAIN_TYPE))));
  }

  /// Named sets and maps; one without a name belongs to its rule.
  public List<NftSet> sets(TableName table) {
    return dump(
        Nft.GET_SET,
        table,
        "list sets",
        "",
        0,
        (all, sets) -> {
          if ((all.u32(Nft.SET_FLAGS, 0) & NftSet.ANONYMOUS) == 0) {
            sets.add(set(all, table));
          }
        });
  }

  private static NftSet set(Attributes all, TableName table) {
    int flags = all.u32(Nft.SET_FLAGS, 0);
    Optional<NftSet.Data> data = Optional.empty();
    if ((flags & NftSet.MAP) != 0) {
      int type = all.u32(Nft.SET_DATA_TYPE);
      data =
          Optional.of(
              type == Nft.VERDICT_DATA
                  ? new NftSet.Data.Verdicts()
                  : new NftSet.Data.Values(KeyType.of(type)));
    }
    int size = all.nested(Nft.SET_DESCRIPTION).u32(Nft.DESCRIPTION_SIZE, 0);
    return new NftSet(
        table,
        all.text(Nft.SET_NAME),
        keyTypes(all.u32(Nft.SET_KEY_TYPE)),
        (flags & NftSet.INTERVAL) != 0,
        data,
        size == 0 ? OptionalInt.empty() : OptionalInt.of(size),
        comment(flags, all));
  }

  /// A set that does more than ours, such as forgetting its elements, says so, and equals none.
  private static String comment(int flags, Attributes all) {
    int more = flags & ~(NftSet.INTERVAL | NftSet.MAP | NftSet.CONCATENATION);
    return more == 0
        ? UserData.readComment(Nft.COMMENT_OF_SET, all.value(Nft.SET_USERDATA))
        : "of another kind, flags " + more;
  }

  private static List<KeyType> keyTypes(int number) {
    List<KeyType> out = new ArrayList<>();
    for (int rest = number; rest != 0 || out.isEmpty(); rest >>>= 6) {
      out.addFirst(KeyType.of(rest & 0x3F));
    }
    return out;
  }

  /// The elements of a set, in no order; ends of intervals are elements of their own.
  public List<NftElement> elements(NftSet set) {
    try {
      return dump(
          Nft.GET_ELEMENT,
          set.table(),
          "list elements of " + set.name(),
          set.name(),
          Nft.ELEMENTS_SET,
          (all, elements) -> {
            for (Attributes.Attribute one : all.nested(Nft.ELEMENTS).all()) {
              elements.add(element(one.nested()));
            }
          });
    } catch (KernelRefused refused) {
      return noneIfMissing(refused);
    }
  }

  /// @throws IllegalArgumentException for an element that does more than ours, such as counting or
  ///   limiting: a packet may not be matched by it
  private static NftElement element(Attributes all) {
    for (Attributes.Attribute one : all.all()) {
      if (!OF_ELEMENTS.contains(one.type())) {
        throw new IllegalArgumentException("an element with attribute " + one.type());
      }
    }
    int flags = all.u32(Nft.ELEMENT_FLAGS, 0);
    if ((flags & ~NftElement.INTERVAL_END) != 0) {
      throw new IllegalArgumentException("an element with flags " + flags);
    }
    Attributes data = all.nested(Nft.ELEMENT_DATA);
    Optional<NftElement.Data> leadsTo =
        all.find(Nft.ELEMENT_DATA).isEmpty()
            ? Optional.empty()
            : ExpressionCodec.readVerdict(data)
                .<NftElement.Data>map(NftElement.Data.ToVerdict::new)
                .or(() ->
                    Optional.of(new NftElement.Data.ToValue(ExpressionCodec.readValue(data))));
    return new NftElement(
        ExpressionCodec.readValue(all.nested(Nft.ELEMENT_KEY)),
        all.find(Nft.ELEMENT_KEY_END).map(end -> ExpressionCodec.readValue(end.nested())),
        flags == NftElement.INTERVAL_END,
        leadsTo);
  }

  /// Every rule of a table, chain by chain, each chain's in order.
  public List<NftRule> rules(TableName table) {
    return dump(
        Nft.GET_RULE,
        table,
        "list rules",
        "",
        0,
        (all, rules) ->
            rules.add(
                new NftRule(
                    table,
                    all.text(Nft.RULE_CHAIN),
                    ExpressionCodec.readList(all.nested(Nft.RULE_EXPRESSIONS)),
                    UserData.readComment(Nft.COMMENT_OF_RULE, all.value(Nft.RULE_USERDATA)))));
  }

  /// The named counters of a table and what they counted.
  public List<NftCounter.Value> counters(TableName table) {
    return dump(
        Nft.GET_OBJECT,
        table,
        "list counters",
        "",
        0,
        (all, counters) -> {
          if (all.u32(Nft.OBJECT_TYPE) == NftCounter.TYPE) {
            Attributes data = all.nested(Nft.OBJECT_DATA);
            counters.add(
                new NftCounter.Value(
                    all.text(Nft.OBJECT_NAME), data.get(2).u64(), data.get(1).u64()));
          }
        });
  }

  /// Reads one message's attributes into the list.
  private interface Reader<T> {
    void read(Attributes all, List<T> into);
  }

  /// Older kernels ignore the filter, so what belongs to other tables is left out here.
  private <T> List<T> dump(
      int type, TableName table, String what, String second, int secondType, Reader<T> reader) {
    Consumer<MessageWriter> request =
        out -> {
          int at = out.beginMessage(Nft.SUBSYSTEM << 8 | type, Nft.REQUEST);
          out.netfilterHeader(table.family().number(), 0);
          out.text(Nft.TABLE, table.name());
          if (!second.isEmpty()) {
            out.text(secondType, second);
          }
          out.endMessage(at);
        };
    try {
      return socket.dump(
          what + " of table " + table,
          request,
          (message, list) -> {
            Attributes all = message.attributes(HEADER);
            if (message.byteAt(0) == table.family().number()
                && all.text(Nft.TABLE).equals(table.name())) {
              reader.read(all, list);
            }
          });
    } catch (KernelRefused refused) {
      return noneIfMissing(refused);
    }
  }

  private static <T> List<T> noneIfMissing(KernelRefused refused) {
    if (refused.errno() == Errno.ENOENT) {
      return List.of();
    }
    throw refused;
  }
}
