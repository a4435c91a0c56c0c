package dev.ringfence.cli;

import picocli.CommandLine.IVersionProvider;

/// What `--version` says: ours, and the Java that runs it.
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String ours = Main.class.getPackage().getImplementationVersion();
    return new String[] {
      "ringfence " + (ours == null ? "(not packaged)" : ours), "Java " + Runtime.version()
    };
  }
}
