package dev.ringfence.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The manifests of `deploy/`, as far as one can say without a cluster.
final class DeployTest {
  @Test
  void ourOwnReaderTakesThem() throws Exception {
    Ringfence.Result result =
        Ringfence.run("check", "-o", "json", "-f", Path.of("..", "deploy").toString());
    assertThat(result.exit()).as(result.out() + result.err()).isZero();
    assertThat(result.out())
        .contains("\"problems\":[]", "\"DaemonSet\":1", "\"Namespace\":1", "\"ClusterRole\":1");
  }
}
