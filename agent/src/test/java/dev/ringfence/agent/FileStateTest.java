package dev.ringfence.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.model.NetworkPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that change, break and mend.
final class FileStateTest {
  private static final byte[] NOTHING = new byte[0];

  @TempDir Path folder;

  private static String policy(String name) {
    return """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: %s, namespace: shop}
    spec: {podSelector: {}}
    """
        .formatted(name);
  }

  private Path write(String file, String text) throws IOException {
    return Files.writeString(folder.resolve(file), text);
  }

  private static List<String> policies(FileState.Reading reading) {
    return reading.inForce().orElseThrow().policies().network().stream()
        .map(NetworkPolicy::id)
        .toList();
  }

  @Test
  void aFolderIsOneState() throws IOException {
    write("b.yaml", policy("b"));
    write("a.yml", policy("a"));
    write("notes.txt", "no manifest");
    FileState.Reading reading = new FileState(List.of(folder.toString()), NOTHING).read();
    assertThat(reading.complete()).isTrue();
    assertThat(policies(reading)).containsExactly("networkpolicy/shop/a", "networkpolicy/shop/b");
  }

  @Test
  void standardInputIsAFileToo() {
    FileState state = new FileState(List.of("-"), policy("x").getBytes(StandardCharsets.UTF_8));
    assertThat(policies(state.read())).containsExactly("networkpolicy/shop/x");
  }

  @Test
  void errorsAtFirstLeaveNothingInForce() throws IOException {
    write("a.yaml", policy("a"));
    write("b.yaml", policy("b").replace("podSelector", "podSelectr"));
    FileState.Reading reading = new FileState(List.of(folder.toString()), NOTHING).read();
    assertThat(reading.inForce()).isEmpty();
    assertThat(reading.refusals()).anyMatch(line -> line.contains("b.yaml:4"));
  }

  @Test
  void aBrokenFileCountsAsItLastDidAndTheOthersAsTheyAre() throws IOException {
    write("a.yaml", policy("a"));
    write("b.yaml", policy("b"));
    FileState state = new FileState(List.of(folder.toString()), NOTHING);
    state.read();
    write("a.yaml", policy("a") + "---\n" + policy("a2"));
    write("b.yaml", "kind: [");
    write("c.yaml", "kind: [");
    FileState.Reading broken = state.read();
    assertThat(broken.refusals()).hasSize(2);
    assertThat(policies(broken))
        .containsExactly("networkpolicy/shop/a", "networkpolicy/shop/a2", "networkpolicy/shop/b");
    write("b.yaml", policy("b2"));
    Files.delete(folder.resolve("c.yaml"));
    Files.delete(folder.resolve("a.yaml"));
    FileState.Reading mended = state.read();
    assertThat(mended.complete()).isTrue();
    assertThat(policies(mended)).containsExactly("networkpolicy/shop/b2");
  }

  @Test
  void aPathThatIsNotThereIsRefused() {
    FileState state = new FileState(List.of(folder.resolve("gone.yaml").toString()), NOTHING);
    assertThat(state.read().refusals())
        .containsExactly(folder.resolve("gone.yaml") + ": error: cannot be read: no such file");
  }

  @Test
  void aNamedFileThatGoesCountsAsItLastDid() throws IOException {
    Path file = write("a.yaml", policy("a"));
    FileState state = new FileState(List.of(file.toString()), NOTHING);
    state.read();
    Files.delete(file);
    FileState.Reading gone = state.read();
    assertThat(gone.complete()).isFalse();
    assertThat(policies(gone)).containsExactly("networkpolicy/shop/a");
  }

  @Test
  void changesAreSeen() throws Exception {
    Path file = write("a.yaml", policy("a"));
    try (FileWatch watch = new FileWatch(List.of(folder.toString()))) {
      assertThat(watch.awaitChange(Duration.ofMillis(50))).isFalse();
      write("a.yaml", policy("other"));
      assertThat(watch.awaitChange(Duration.ofSeconds(5))).isTrue();
      assertThat(watch.awaitChange(Duration.ofMillis(50))).isFalse();
      Files.createDirectory(folder.resolve("sub"));
      watch.awaitChange(Duration.ofMillis(50));
      write("sub/b.yaml", policy("b"));
      assertThat(watch.awaitChange(Duration.ofSeconds(5))).isTrue();
      Files.delete(file);
      assertThat(watch.awaitChange(Duration.ofSeconds(5))).isTrue();
    }
  }

  @Test
  void aFileThatIsEmptiedBeforeItIsFilledIsNeverSeenEmpty() throws Exception {
    Path file = write("a.yaml", policy("a"));
    try (FileWatch watch = new FileWatch(List.of(file.toString()))) {
      Thread editor =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  write("a.yaml", "");
                  Thread.sleep(200);
                  write("a.yaml", policy("b"));
                } catch (IOException | InterruptedException failed) {
                  throw new AssertionError(failed);
                }
              });
      assertThat(watch.awaitChange(Duration.ofSeconds(5))).isTrue();
      assertThat(Files.size(file)).isPositive();
      editor.join();
    }
  }
}
