package dev.ringfence.core.cases;

import dev.ringfence.core.model.Protocol;
import java.util.stream.Stream;

/// The kind of packet that a probe is about.
public enum What {
  TCP("T", Protocol.TCP),
  UDP("U", Protocol.UDP),
  SCTP("S", Protocol.SCTP),
  PING("ping", Protocol.OTHER),
  OTHER("other", Protocol.OTHER),
  /// The question who has an IPv6 address.
  SOLICITATION("solicitation", Protocol.OTHER);

  private final String word;
  private final Protocol protocol;

  What(String word, Protocol protocol) {
    this.word = word;
    this.protocol = protocol;
  }

  public Protocol protocol() {
    return protocol;
  }

  static What of(String word) {
    return Stream.of(values()).filter(one -> one.word.equals(word)).findFirst().orElseThrow();
  }
}
