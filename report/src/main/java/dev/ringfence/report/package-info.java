/// The JSON documents we promise, as records, and the one writer.
@NullMarked
package dev.ringfence.report;

import org.jspecify.annotations.NullMarked;
