package dev.ringfence.lab.api.store;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;

/// Writes everything there is as one [Log], whole before it gets its name.
final class Snapshots {
  private Snapshots() {}

  static void write(Path file, long revision, Collection<Stored> objects) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel)));
      Log.encode(Records.head(revision, objects.size()), out);
      for (Stored stored : objects) {
        Log.encode(Records.written(stored), out);
      }
      out.flush();
      channel.force(true);
    }
  }
}
