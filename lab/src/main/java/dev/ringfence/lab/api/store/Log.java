package dev.ringfence.lab.api.store;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/// A file of records, each its length, its CRC32C (4 bytes each, big endian) and its bytes. What
/// [#append] has returned from is on the disk.
final class Log implements AutoCloseable {
  private static final int HEADER = 8;

  /// No record of ours comes near: a request has 3 MiB at most.
  private static final int LONGEST = 64 << 20;

  private final FileChannel file;
  private long end;
  private boolean broken;

  private Log(FileChannel file) {
    this.file = file;
  }

  /// Opens or creates it, and hands over its records in order. A last record that a crash left
  /// unfinished is cut off; nobody was told that it is safe.
  ///
  /// @throws StoreException if a record that is followed by others is damaged
  static Log open(Path path, Consumer<byte[]> records) throws IOException {
    FileChannel file =
        FileChannel.open(
            path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    Log out = new Log(file);
    try {
      out.replay(path, records);
      return out;
    } catch (IOException | RuntimeException failed) {
      file.close();
      throw failed;
    }
  }

  private void replay(Path path, Consumer<byte[]> records) throws IOException {
    long size = file.size();
    while (end < size) {
      ByteBuffer header = read(end, HEADER);
      int length = header.remaining() < HEADER ? -1 : header.getInt();
      boolean whole = length > 0 && length <= LONGEST && end + HEADER + length <= size;
      byte[] record = whole ? read(end + HEADER, length).array() : new byte[0];
      if (!whole || checksum(record) != header.getInt()) {
        boolean last = whole ? end + HEADER + length == size : isUnfinished(length, size);
        if (!last) {
          throw new StoreException(
              StoreException.Why.BROKEN, path + " is damaged at byte " + end + " of " + size);
        }
        break;
      }
      records.accept(record);
      end += HEADER + length;
    }
    if (end < size) {
      file.truncate(end);
      file.force(true);
    }
  }

  /// Whether a record that is not whole can be one that was being written: it reaches beyond the
  /// end, or nothing but zeros was left of it.
  private boolean isUnfinished(int length, long size) throws IOException {
    if (length != 0) {
      return length <= LONGEST && (length > 0 || size - end < HEADER);
    }
    for (long at = end; at < size; at += 1 << 16) {
      ByteBuffer rest = read(at, (int) Math.min(1 << 16, size - at));
      while (rest.hasRemaining()) {
        if (rest.get() != 0) {
          return false;
        }
      }
    }
    return true;
  }

  private ByteBuffer read(long at, int length) throws IOException {
    ByteBuffer out = ByteBuffer.allocate(length);
    while (out.hasRemaining() && file.read(out, at + out.position()) >= 0) {
      // reads on
    }
    return out.flip();
  }

  private static int checksum(byte[] record) {
    CRC32C sum = new CRC32C();
    sum.update(record);
    return (int) sum.getValue();
  }

  /// Writes one record and waits for the disk.
  ///
  /// @throws IOException if it is not safe; then the file is as before, or refuses all that follows
  void append(byte[] record) throws IOException {
    if (broken) {
      throw new IOException("an earlier write failed and could not be taken back");
    }
    ByteBuffer out = ByteBuffer.allocate(HEADER + record.length);
    out.putInt(record.length).putInt(checksum(record)).put(record).flip();
    try {
      long at = end;
      while (out.hasRemaining()) {
        at += file.write(out, at);
      }
      file.force(false);
      end = at;
    } catch (IOException failed) {
      takeBack(failed);
      throw failed;
    }
  }

  private void takeBack(IOException failed) {
    broken = true; // after a failed force nobody knows what is on the disk, unless this succeeds
    try {
      file.truncate(end);
      file.force(true);
      broken = false;
    } catch (IOException again) {
      failed.addSuppressed(again);
    }
  }

  /// Writes a record as [#append] does, to where it is not yet a log.
  static void encode(byte[] record, DataOutputStream to) throws IOException {
    to.writeInt(record.length);
    to.writeInt(checksum(record));
    to.write(record);
  }

  /// Forgets every record.
  void clear() throws IOException {
    file.truncate(0);
    file.force(true);
    end = 0;
  }

  long size() {
    return end;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
