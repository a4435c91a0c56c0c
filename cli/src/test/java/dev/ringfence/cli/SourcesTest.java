package dev.ringfence.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringfence.core.manifest.SourceText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What PATH stands for.
final class SourcesTest {
  @TempDir Path folder;

  @Test
  void aFolderIsReadToItsDepthInTheOrderOfNames() throws IOException {
    Files.createDirectories(folder.resolve("b/c"));
    for (String name : List.of("z.yaml", "a.YML", "b/c/d.json", "b/.hidden.yaml", "notes.md")) {
      Files.writeString(folder.resolve(name), name);
    }
    assertThat(names(folder.toString()))
        .containsExactly(folder + "/a.YML", folder + "/b/c/d.json", folder + "/z.yaml");
  }

  @Test
  void aFileIsTakenWhateverItIsCalledAndADashIsStandardInput() throws IOException {
    Path file = Files.writeString(folder.resolve("policy"), "x");
    assertThat(names(file.toString(), "-")).containsExactly(file.toString(), "-");
  }

  @Test
  void whatIsNotThereIsSaid() {
    String gone = folder.resolve("gone.yaml").toString();
    assertThatThrownBy(() -> names(gone)).hasMessage(gone + ": cannot be read: no such file");
    assertThatThrownBy(() -> names(folder.toString()))
        .hasMessage(folder + ": no *.yaml, *.yml or *.json in this folder");
  }

  private static List<String> names(String... paths) {
    InputStream nothing = new ByteArrayInputStream(new byte[0]);
    return Sources.read(List.of(paths), nothing).stream().map(SourceText::file).toList();
  }
}
