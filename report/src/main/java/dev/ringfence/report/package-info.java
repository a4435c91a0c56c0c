/// The JSON documents we promise, as records, and the one writer.
///
/// In: answers of other rooms, and batch lines as text. Out: documents whose keys stand in record
/// order, each held to a schema under `docs/schemas/`. Never here: deciding, printing. Start at
/// [Json]; the records are the formats.
@NullMarked
package dev.ringfence.report;

import org.jspecify.annotations.NullMarked;
