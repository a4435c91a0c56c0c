package dev.ringfence.lab.traffic;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.lab.scenario.End;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.channels.Channel;

/// Our addresses as the JDK's sockets want them.
public final class Sockets {
  private Sockets() {}

  public static ProtocolFamily family(Family family) {
    return switch (family) {
      case IPV4 -> StandardProtocolFamily.INET;
      case IPV6 -> StandardProtocolFamily.INET6;
    };
  }

  public static InetSocketAddress at(Address address, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(address.bytes()), port);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// What a listener answers: `namespace/name` of a pod, the name of a host outside.
  static String nameOf(End end) {
    return switch (end) {
      case End.OfPod(var pod, var addresses) -> pod.name().toString();
      case End.OfHostPod(var pod, var addresses, var ports) -> pod.name().toString();
      case End.OfHost(var host) -> host.name();
    };
  }

  /// For a channel that is of no use any more.
  public static void closeQuietly(Channel channel) {
    try {
      channel.close();
    } catch (IOException gone) {
      // It is closed all the same.
    }
  }
}
