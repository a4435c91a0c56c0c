/// What the lab's API has been told, kept on disk: objects, their versions, and what changed when.
///
/// In: JSON objects under a [Key]. Out: the same after a crash, [Change]s in order, the state at an
/// earlier revision. Never here: what an object means, HTTP. Start at [Store]; [Log] is the file
/// format.
@NullMarked
package dev.ringfence.lab.api.store;

import org.jspecify.annotations.NullMarked;
