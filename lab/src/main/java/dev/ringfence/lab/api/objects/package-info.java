/// The kinds of the lab's API and what is done to one object: types, patches, selectors, columns.
///
/// In and out: JSON objects, none of which is changed in place. Never here: storing, HTTP, time.
/// Start at [ResourceKind] and [Types]; a refusal is an [ApiError], in the API server's words.
@NullMarked
package dev.ringfence.lab.api.objects;

import org.jspecify.annotations.NullMarked;
