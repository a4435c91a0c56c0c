package dev.ringfence.lab;

import dev.ringfence.lab.netns.Inside;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;

/// Conversations with whoever answers, as `curl` would have them.
final class Dialling {
  private static final int CLIENTS = 60;

  /// Over IPv6 Linux overlooks a refusal that comes while `connect` is under way, as it does
  /// between namespaces, and sees that of the repeated packet after a second.
  private static final int PATIENCE_MILLIS = 2_500;

  private Dialling() {}

  /// Who answers several clients in a row; `refused` or `silent` where one does not get through.
  static Set<String> answers(Lab lab, String from, InetAddress to, int port) throws Exception {
    return Inside.call(
        lab.namespaceOf(from),
        () -> {
          Set<String> out = new TreeSet<>();
          for (int i = 0; i < CLIENTS; i++) {
            try {
              out.add(answer(to, port));
            } catch (ConnectException refused) {
              out.add("refused");
              return out;
            } catch (SocketTimeoutException dropped) {
              out.add("silent");
              return out;
            }
          }
          return out;
        });
  }

  private static String answer(InetAddress to, int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(new InetSocketAddress(to, port), PATIENCE_MILLIS);
      socket.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
      byte[] bytes = new byte[100];
      int length = socket.getInputStream().read(bytes);
      return new String(bytes, 0, length, StandardCharsets.US_ASCII);
    }
  }
}
