package dev.ringfence.nftables.proof;

import java.util.BitSet;
import java.util.List;

/// What conntrack says of a packet that crosses one of the node's hooks.
enum Situation {
  /// Opens a connection.
  NEW("new", 8, true),
  /// From who opened the connection.
  ESTABLISHED("established", 2, true),
  /// To who opened the connection.
  REPLY("reply", 2, true),
  /// Opens a connection that another announced, as FTP does.
  RELATED("related", 4, true),
  /// An ICMP error about a connection; its header names anybody.
  ERROR("error", 4, true),
  /// The same, from the other side.
  ERROR_REPLY("error to a reply", 4, true),
  INVALID("invalid", 1, false),
  UNTRACKED("untracked", 64, false);

  private static final List<Situation> ALL = List.of(values());

  private final String text;
  private final int state;
  private final boolean tracked;

  Situation(String text, int state, boolean tracked) {
    this.text = text;
    this.state = state;
    this.tracked = tracked;
  }

  /// The bit of the connection's state.
  int state() {
    return state;
  }

  /// Whether there is a connection to ask.
  boolean isTracked() {
    return tracked;
  }

  /// Whether the packet goes to who opened the connection.
  boolean isBack() {
    return this == REPLY || this == ERROR_REPLY;
  }

  boolean isError() {
    return this == ERROR || this == ERROR_REPLY;
  }

  /// The one with this number.
  static Situation of(int number) {
    return ALL.get(number);
  }

  static BitSet set(Situation... some) {
    BitSet out = new BitSet();
    for (Situation one : some) {
      out.set(ALL.indexOf(one));
    }
    return out;
  }

  static BitSet tracked() {
    BitSet out = new BitSet();
    for (Situation one : values()) {
      out.set(ALL.indexOf(one), one.isTracked());
    }
    return out;
  }

  @Override
  public String toString() {
    return text;
  }
}
