package dev.ringfence.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/// Where requests go; see [ClusterAccess] for the one that is real.
public interface ApiServer extends AutoCloseable {
  /// The body of the answer to a GET, as it comes in.
  ///
  /// @param path with its query: `/api/v1/pods?limit=500`
  /// @param headers how long the answer may take to begin
  /// @throws ApiException for an answer that is none of success
  InputStream get(String path, Duration headers) throws IOException, InterruptedException;

  /// Makes an object what this says of it, whether it is there or not; what others say of it stays
  /// (server-side apply).
  ///
  /// @param path of the object
  /// @param json what we say, the whole of it
  /// @throws ApiException for an answer that is none of success
  void apply(String path, String json) throws IOException, InterruptedException;

  /// For people: where it is.
  String address();

  @Override
  void close();
}
