/// YAML and JSON text in; policies and cluster objects out, or every problem at once.
///
/// In: `model`, `cluster` and bytes. Out: [Loaded], with a [Place] for whatever can be named. Never
/// here: opening files, deciding who may talk, printing. Start at [Manifests#read]; the way of a
/// document is [DocumentReader], [TreeReader], [Schema], then one binder for each kind.
@NullMarked
package dev.ringfence.core.manifest;

import org.jspecify.annotations.NullMarked;
