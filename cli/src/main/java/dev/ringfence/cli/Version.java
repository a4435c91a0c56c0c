package dev.ringfence.cli;

import picocli.CommandLine.IVersionProvider;

/// What `--version` says: ours, and the Java that runs it.
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"ringfence " + text(), "Java " + Runtime.version()};
  }

  static String text() {
    String ours = Main.class.getPackage().getImplementationVersion();
    return ours == null ? "(not packaged)" : ours;
  }
}
