package dev.ringfence.lab.control;

import dev.ringfence.lab.netns.Instance;
import java.io.IOException;

/// What `ringfence lab serve` does, for tests without the command line.
final class ServeMain {
  private ServeMain() {}

  public static void main(String[] arguments) throws IOException {
    LabServer.serve(new Instance(arguments[0]));
  }
}
