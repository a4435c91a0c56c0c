package dev.ringfence.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Holds documents against the published schemas.
final class Schemas {
  private static final Path FOLDER = Path.of("..", "docs", "schemas");

  private Schemas() {}

  /// Fails unless the document obeys the schema `docs/schemas/NAME.json`.
  static void check(String name, String document) throws IOException {
    var registry =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12, builder -> {});
    var schema =
        registry.getSchema(Files.readString(FOLDER.resolve(name + ".json")), InputFormat.JSON);
    assertThat(schema.validate(document, InputFormat.JSON)).as(document).isEmpty();
  }
}
